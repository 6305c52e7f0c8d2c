"""Options that make no sense are refused where they are written."""

from __future__ import annotations

import math

import pytest

from agents_core.session import RoomOptions, SessionDeadlines, SessionOptions


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.inf, math.nan])
def test_a_deadline_is_positive_and_finite(seconds: float) -> None:
    with pytest.raises(ValueError, match="'drain' must be positive and finite"):
        SessionDeadlines(drain=seconds)


def test_tools_may_not_be_called_a_negative_number_of_times() -> None:
    with pytest.raises(ValueError, match="negative"):
        SessionOptions(max_tool_steps=-1)


def test_a_room_has_a_sound_and_waits_that_end() -> None:
    with pytest.raises(ValueError, match="no sound"):
        RoomOptions(sample_rate=0)
    with pytest.raises(ValueError, match="positive"):
        RoomOptions(publish_timeout=0)
