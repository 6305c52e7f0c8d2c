"""Whether a process answers, by what was asked and answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.jobs.heartbeat import Heartbeat


def test_nothing_is_due_before_the_first_ping() -> None:
    assert Heartbeat().silent(100.0) == 0.0


def test_silence_counts_from_the_oldest_ping_without_an_answer() -> None:
    heartbeat = Heartbeat().sent(10.0).sent(12.5).sent(15.0)

    assert heartbeat.silent(16.0) == 6.0


def test_an_answer_to_the_latest_ping_ends_the_silence() -> None:
    assert Heartbeat().sent(10.0).sent(12.5).answered(12.5, latest=12.5).silent(20.0) == 0.0


def test_an_answer_to_an_old_ping_leaves_the_latest_due() -> None:
    assert Heartbeat().sent(10.0).sent(12.5).answered(10.0, latest=12.5).silent(13.0) == 0.5


def test_time_in_which_the_worker_could_not_listen_does_not_count() -> None:
    assert Heartbeat().sent(10.0).excused(70.0).silent(82.0) == 2.0
    assert Heartbeat().excused(70.0) == Heartbeat()


@pytest.mark.property
@given(st.lists(st.tuples(st.floats(0.01, 10), st.booleans()), min_size=1, max_size=50))
def test_a_process_that_never_answers_is_silent_since_the_first_ping(
    pings: list[tuple[float, bool]],
) -> None:
    now, heartbeat = 1.0, Heartbeat().sent(1.0)
    for wait, stale in pings:
        now += wait
        heartbeat = heartbeat.sent(now)
        if stale:  # an answer to a ping of another life
            heartbeat = heartbeat.answered(0.5, latest=now)

    assert heartbeat.silent(now) == pytest.approx(now - 1.0)
