"""What a pool counts."""

from __future__ import annotations

import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.jobs.counters import BOUNDS, Counters, PoolMetrics
from agents_core.jobs.messages import StepEnded
from agents_core.jobs.reports import ProcessReport


def report(**changes: object) -> ProcessReport:
    usual = {"pid": 1, "job_id": None, "reason": "asked", "status": 0, "seconds": 1.0}
    return ProcessReport(**{**usual, **changes})


def step(name: str, seconds: float, outcome: str = "done") -> StepEnded:
    return StepEnded(step=name, outcome=outcome, seconds=seconds)


def metrics(counters: Counters) -> PoolMetrics:
    return counters.metrics(idle=0, initializing=0, running=0)


def test_forced_kills_are_counted_by_signal_and_deaths_whoever_caused_them() -> None:
    counters = Counters()
    counters.ended(report(status=-9, forced=(signal.SIGTERM, signal.SIGKILL)))
    counters.ended(report(status=-11))
    counters.ended(report(status=-40))
    counters.ended(report(status=None))

    assert metrics(counters).forced_kills == (("SIGKILL", 1), ("SIGTERM", 1))
    assert metrics(counters).deaths == (("40", 1), ("SIGKILL", 1), ("SIGSEGV", 1))
    assert metrics(counters).ended == 4


def test_durations_are_counted_by_step() -> None:
    counters = Counters()
    counters.ended(report(steps=(step("room", 0.02), step("logs", 0.001))))
    counters.ended(report(steps=(step("room", 100.0, "timed out"),)))
    room, logs = metrics(counters).steps

    assert (room.step, room.count, room.total) == ("room", 2, 100.02)
    assert room.outcomes == (("done", 1), ("timed out", 1))
    assert (room.buckets[BOUNDS.index(0.01)], room.buckets[BOUNDS.index(0.025)]) == (0, 1)
    assert (room.buckets[-2], room.buckets[-1]) == (1, 2)
    assert logs.buckets == (1,) * (len(BOUNDS) + 1)


def test_names_without_end_take_no_memory_without_end() -> None:
    counters = Counters()
    for number in range(1000):
        counters.ended(report(steps=(step(f"step {number}", 0.1, f"outcome {number}"),)))

    assert len(metrics(counters).steps) == 64
    assert {each.outcomes for each in metrics(counters).steps} == {(("unknown", 1),)}


@pytest.mark.property
@given(st.lists(st.floats(0, 1000), min_size=1))
def test_buckets_hold_what_took_at_most_their_bound(durations: list[float]) -> None:
    counters = Counters()
    for seconds in durations:
        counters.ended(report(steps=(step("one", seconds),)))
    [one] = metrics(counters).steps

    assert one.buckets == (
        *(sum(seconds <= bound for seconds in durations) for bound in BOUNDS),
        len(durations),
    )
