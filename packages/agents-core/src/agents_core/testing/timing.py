"""What holds for the times of words, whoever tells them."""

from __future__ import annotations

from collections.abc import Sequence

from agents_core.testing.demands import demand
from agents_core.timing import TimedWord

_SLACK = 0.05
"""Seconds: services round."""


def demand_times(words: Sequence[TimedWord], end: float, what: str, *, start: float = 0.0) -> None:
    """Go on where words follow each other between `start` and `end`, in seconds.

    Raises:
        AssertionError: one ends before it begins, before another, or outside.
    """
    demand(words, f"{what}: there are none")
    latest = start - _SLACK
    for word in words:
        demand(word.start_time < word.end_time, f"{what}: {word} takes no time")
        demand(word.start_time >= latest - _SLACK, f"{what}: {word} is too early")
        latest = word.start_time
    demand(words[-1].end_time <= end + _SLACK, f"{what}: {words[-1]} ends after {end:.3f} s")
