"""How long each step of a job's ending may take: every number in one place."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The longest that each step of a shutdown may take, in seconds.

    Raises:
        ValueError: one of them is not a positive, finite number.
    """

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

    def __post_init__(self) -> None:
        for field in fields(self):
            seconds = getattr(self, field.name)
            if not (seconds > 0 and math.isfinite(seconds)):
                raise ValueError(f"deadline {field.name!r} must be positive and finite: {seconds}")

    @property
    def total(self) -> float:
        """The longest that all the steps together may take."""
        return math.fsum(astuple(self))
