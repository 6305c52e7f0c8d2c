"""The deadlines of an ending."""

from __future__ import annotations

import math

import pytest

from agents_core import Deadlines
from agents_core.jobs.deadlines import STEPS


def test_the_total_is_the_sum_of_the_steps_and_of_nothing_else() -> None:
    powers = {step: 2.0**number for number, step in enumerate(STEPS)}
    deadlines = Deadlines(**powers, initialize=1e6, acknowledge=1e6, terminate=1e6, reap=1e6)

    assert deadlines.total == 2 ** len(STEPS) - 1


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf])
def test_a_deadline_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="'room' must be positive and finite"):
        Deadlines(room=seconds)
