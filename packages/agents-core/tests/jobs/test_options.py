"""The numbers of a pool."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.options import ProcessOptions

NUMBERS = [
    field.name
    for field in fields(ProcessOptions)
    if isinstance(getattr(ProcessOptions(), field.name), int | float)
]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("number", [-1, math.inf, math.nan], ids=repr)
def test_no_number_is_negative_or_without_end(name: str, number: float) -> None:
    with pytest.raises(ValueError, match=name):
        ProcessOptions(**{name: number})


@pytest.mark.parametrize("name", ["ping_interval", "max_initializing", "drain_timeout"])
def test_what_has_to_pass_is_not_zero(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        ProcessOptions(**{name: 0})


def test_zero_turns_off_what_can_be_turned_off() -> None:
    options = ProcessOptions(num_idle=0, memory_warn=0, memory_limit=0)

    assert (options.num_idle, options.memory_warn, options.memory_limit) == (0, 0, 0)


def test_the_longest_ending_has_room_for_every_stage() -> None:
    limits = Deadlines(acknowledge=1, terminate=2, reap=3)
    options = ProcessOptions(deadlines=limits, shutdown_margin=4, dump_timeout=5, drain_timeout=6)

    assert options.longest_ending == limits.total + 1 + 2 + 3 + 4 + 5 + 6
