"""How long a worker waits for its server, and how often it speaks: every number in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Of the conversation between a worker and its server, in seconds.

    Raises:
        ValueError: one of them is not a positive, finite number.
    """

    connect: float = 10.0
    """For the websocket to open."""
    register: float = 10.0
    """For the server to answer the registration."""
    request: float = 8.0
    """For `request_fnc` to accept or to reject; a LiveKit server stops listening after 10 s."""
    assignment: float = 7.5
    """For the server to assign a job that was accepted."""
    status: float = 2.5
    """Between two reports of the load."""
    sample: float = 0.5
    """Between two looks at the processors; five of them make the load that is reported."""
    ping: float = 5.0
    """Between two pings of the server."""
    silence: float = 20.0
    """Without an answer to a ping, after which the connection is given up."""
    send: float = 10.0
    """For the server to take one message from us."""
    first_retry: float = 0.5
    """The longest wait before the second try to connect; it doubles with each try that fails."""
    longest_retry: float = 10.0
    """The longest wait between two tries, however many have failed."""
    steady: float = 10.0
    """That a connection must have held for the tries to be counted afresh after it."""
    close: float = 3.0
    """For taking leave of the server, and of those who ask for health or metrics."""

    def __post_init__(self) -> None:
        for field in fields(self):
            seconds = getattr(self, field.name)
            if not (seconds > 0 and math.isfinite(seconds)):
                raise ValueError(f"timing {field.name!r} must be positive and finite: {seconds}")
