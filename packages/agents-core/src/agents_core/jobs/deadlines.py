"""How long everything in a job's life may take: every number in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

STEPS = (
    "stop",
    "entry",
    "cancel",
    "session",
    "room",
    "callbacks",
    "tasks",
    "native",
    "logs",
)
"""The deadlines of a shutdown's own steps, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The longest that each step may take, in seconds.

    Raises:
        ValueError: one of them is not a positive, finite number.
    """

    stop: float = 1.0
    """Taking no more work."""
    entry: float = 15.0
    """The entry point, to return by itself; then it is cancelled."""
    cancel: float = 5.0
    """The entry point once it is cancelled, its clean-up included."""
    session: float = 60.0
    """Closing the session, which may still be saying something."""
    room: float = 5.0
    """Leaving the room: a server that has stopped answering would never let go."""
    callbacks: float = 60.0
    """Each shutdown callback; all of them run at the same time."""
    tasks: float = 5.0
    """Stopping every other task of the event loop, their clean-up included."""
    native: float = 5.0
    """Disposing of the native library, which a stalled server can hold up as well."""
    logs: float = 2.0
    """Flushing logs and standard streams."""

    # The worker's, for a process that it watches; no part of `total`.

    initialize: float = 10.0
    """Starting a process, loading the entry point in it, and prewarm."""
    acknowledge: float = 5.0
    """A process that is asked to end, to say that it does."""
    terminate: float = 5.0
    """A process that was sent SIGTERM, to be gone before it is sent SIGKILL."""
    reap: float = 5.0
    """A process that was sent SIGKILL, to be gone."""

    def __post_init__(self) -> None:
        for field in fields(self):
            seconds = getattr(self, field.name)
            if not (seconds > 0 and math.isfinite(seconds)):
                raise ValueError(f"deadline {field.name!r} must be positive and finite: {seconds}")

    @property
    def total(self) -> float:
        """The longest that all the steps of a shutdown together may take."""
        return math.fsum(getattr(self, step) for step in STEPS)
