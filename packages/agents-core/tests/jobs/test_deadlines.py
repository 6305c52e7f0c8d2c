"""The deadlines of an ending."""

from __future__ import annotations

import math

import pytest

from agents_core import Deadlines


def test_the_total_is_the_sum_of_all_of_them() -> None:
    deadlines = Deadlines(session=1, room=2, callbacks=4, tasks=8, native=16, logs=32)

    assert deadlines.total == 63


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf])
def test_a_deadline_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="'room' must be positive and finite"):
        Deadlines(room=seconds)
