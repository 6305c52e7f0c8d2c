"""What a pool of processes counts, for whoever renders metrics of it."""

from __future__ import annotations

import signal
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from agents_core.jobs.messages import StepEnded
from agents_core.jobs.reports import ProcessReport

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds: upper bounds of the buckets in which durations are counted; one more has the rest."""

_MOST_STEPS = 64
"""Names come from the processes; nobody has so many steps."""
_OUTCOMES = frozenset({"done", "skipped", "timed out", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDurations:
    """How long one step of the shutdown took, over all processes that reported it."""

    step: str
    outcomes: tuple[tuple[str, int], ...]
    """How often it was done, skipped, timed out or failed."""
    count: int
    total: float
    """Seconds, of all together."""
    buckets: tuple[int, ...]
    """How many took at most the bound of the same place in `BOUNDS`; the last, how many in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMetrics:
    """A pool at one moment: counts since its start, and what it has now."""

    starts: int
    initialize_failures: int
    ended: int
    """Processes that are gone."""
    idle: int
    initializing: int
    running: int
    """Jobs."""
    forced_kills: tuple[tuple[str, int], ...]
    """Signals by name, and how many processes had to be sent them."""
    deaths: tuple[tuple[str, int], ...]
    """Signals by name, and how many processes died of them, whoever sent them."""
    steps: tuple[StepDurations, ...]


@dataclass(slots=True)
class _Step:
    outcomes: Counter[str] = field(default_factory=Counter)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, ended: StepEnded) -> None:
        self.outcomes[ended.outcome if ended.outcome in _OUTCOMES else "unknown"] += 1
        self.total += ended.seconds
        self.buckets[bisect_left(BOUNDS, ended.seconds)] += 1


class Counters:
    """The counting itself: of bounded size, however many processes come and go."""

    def __init__(self) -> None:
        self.starts = 0
        self.initialize_failures = 0
        self._ended = 0
        self._forced: Counter[str] = Counter()
        self._deaths: Counter[str] = Counter()
        self._steps: dict[str, _Step] = {}

    def ended(self, report: ProcessReport) -> None:
        """A process is gone."""
        self._ended += 1
        self._forced.update(number.name for number in report.forced)
        if report.status is not None and report.status < 0:
            self._deaths[_name(-report.status)] += 1
        for step in report.steps:
            if step.step in self._steps or len(self._steps) < _MOST_STEPS:
                self._steps.setdefault(step.step, _Step()).add(step)

    def metrics(self, *, idle: int, initializing: int, running: int) -> PoolMetrics:
        """All of it, as a value."""
        return PoolMetrics(
            starts=self.starts,
            initialize_failures=self.initialize_failures,
            ended=self._ended,
            idle=idle,
            initializing=initializing,
            running=running,
            forced_kills=_sorted(self._forced),
            deaths=_sorted(self._deaths),
            steps=tuple(_durations(name, step) for name, step in self._steps.items()),
        )


def _durations(name: str, step: _Step) -> StepDurations:
    reached = tuple(sum(step.buckets[: place + 1]) for place in range(len(step.buckets)))
    return StepDurations(
        step=name,
        outcomes=_sorted(step.outcomes),
        count=reached[-1],
        total=step.total,
        buckets=reached,
    )


def _sorted(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items()))


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return str(number)
