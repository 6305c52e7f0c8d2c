"""Whether looking at sound takes longer than the sound, as a pure rule."""

from __future__ import annotations

import math

_LATE = 0.2
"""Seconds behind that a user would notice."""
_SPELL = 10.0
"""Seconds between two warnings of one stream."""


class Pace:
    """Adds up by how much inference is slower than the windows of `interval` seconds it is for."""

    def __init__(self, *, interval: float) -> None:
        self._interval = interval
        self._behind = 0.0
        self._told = -math.inf

    def late(self, took: float, *, now: float) -> float | None:
        """How many seconds behind it is, where that is worth a warning; else None.

        Args:
            took: seconds for one more window.
            now: seconds, of a clock that only goes forward.
        """
        self._behind = max(0.0, self._behind + took - self._interval)
        if self._behind < _LATE or now - self._told < _SPELL:
            return None
        self._told = now
        return self._behind
