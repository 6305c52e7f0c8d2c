"""When inference is too slow, and how often that is said."""

from __future__ import annotations

from agents_plugin_silero._pace import Pace

INTERVAL = 0.032


def test_inference_that_is_quick_enough_is_never_late() -> None:
    pace = Pace(interval=INTERVAL)

    assert {pace.late(INTERVAL, now=at * INTERVAL) for at in range(1000)} == {None}


def test_one_slow_window_is_made_up_for_by_quick_ones() -> None:
    pace = Pace(interval=INTERVAL)
    pace.late(0.2, now=0.0)

    assert {pace.late(0.001, now=1.0 + at) for at in range(20)} == {None}
    assert pace.late(0.2, now=30.0) is None


def test_what_adds_up_is_told_and_not_at_every_window() -> None:
    pace = Pace(interval=INTERVAL)
    told = [pace.late(2 * INTERVAL, now=at * 2 * INTERVAL) for at in range(400)]

    warnings = [behind for behind in told if behind is not None]
    assert 0.2 <= warnings[0] <= 0.2 + INTERVAL
    assert len(warnings) == 3, "in 26 seconds"
    assert warnings == sorted(warnings)
