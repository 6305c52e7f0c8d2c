from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.worker.backoff import longest_wait, wait_before_connecting

seconds = st.floats(0.001, 1000)
failures = st.integers(0, 10**9)


@pytest.mark.property
@given(failures, seconds, seconds, st.floats(0, 1))
def test_no_wait_is_negative_or_longer_than_its_bounds(
    failed: int, first: float, longest: float, luck: float
) -> None:
    wait = wait_before_connecting(failed, first=first, longest=longest, luck=luck)

    assert 0 <= wait <= longest_wait(failed, first=first, longest=longest) <= longest


@pytest.mark.property
@given(failures, seconds, seconds)
def test_one_more_failure_never_shortens_the_bound(
    failed: int, first: float, longest: float
) -> None:
    bounds = [longest_wait(n, first=first, longest=longest) for n in (failed, failed + 1)]

    assert bounds == sorted(bounds)


def test_the_bound_doubles_until_the_longest() -> None:
    bounds = [longest_wait(n, first=0.5, longest=3) for n in (1, 2, 3, 4, 5)]

    assert bounds == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_all_of_the_bound_is_left_to_luck() -> None:
    waits = [wait_before_connecting(3, first=1, longest=10, luck=luck) for luck in (0, 0.25, 1)]

    assert waits == [0, 1, 4]
