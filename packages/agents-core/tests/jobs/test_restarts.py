"""When a process that failed is replaced."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.restarts import Restarts, wait_before_restart

OPTIONS = ProcessOptions(restart_wait=0.5, restart_wait_longest=30.0)


@pytest.mark.property
@given(st.integers(1, 10_000), st.floats(0.01, 10), st.floats(10, 100))
def test_each_failure_in_a_row_doubles_the_wait_up_to_the_longest(
    failures: int, first: float, longest: float
) -> None:
    options = ProcessOptions(restart_wait=first, restart_wait_longest=longest)
    waits = [wait_before_restart(failures + more, options) for more in range(3)]

    assert wait_before_restart(1, options) == first
    assert all(first <= wait <= longest for wait in waits)
    for before, after in pairwise(waits):
        assert after in (pytest.approx(2 * before), longest)


@pytest.mark.property
@given(st.lists(st.floats(0, 29), min_size=1, max_size=50))
def test_a_process_that_dies_whenever_it_may_is_started_ever_more_seldom(
    lives: list[float],
) -> None:
    now, restarts, pauses = 0.0, Restarts(), []
    for lived in lives:
        now += restarts.pause(now) + lived
        restarts = restarts.failed(now, OPTIONS, lived=lived)
        pauses.append(restarts.pause(now))

    for before, after in pairwise(pauses):
        assert after == pytest.approx(min(2 * before, 30.0))
    assert pauses[0] == pytest.approx(0.5)


def test_one_that_lived_long_does_not_stand_for_a_series() -> None:
    restarts = Restarts(failures=9, not_before=100.0).failed(200.0, OPTIONS, lived=31.0)

    assert restarts == Restarts(failures=1, not_before=200.5)


def test_no_wait_is_left_when_it_is_over() -> None:
    assert Restarts(failures=1, not_before=3.0).pause(4.0) == 0.0
