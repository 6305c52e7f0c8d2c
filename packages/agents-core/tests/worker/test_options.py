from __future__ import annotations

import dataclasses
import math

import pytest

from agents_core.worker.options import DEVELOPMENT, PRODUCTION, Mode, WorkerOptions, WorkerType


async def entrypoint(_: object) -> None: ...


def test_the_mode_decides_what_the_options_leave_open() -> None:
    options = WorkerOptions(entrypoint_fnc=entrypoint)

    assert options.mode(devmode=False) == PRODUCTION
    assert options.mode(devmode=True) == DEVELOPMENT


def test_what_the_options_say_holds_in_every_mode() -> None:
    said = Mode(load_threshold=0.5, num_idle_processes=7, port=1234, drain_timeout=9)
    options = WorkerOptions(entrypoint_fnc=entrypoint, **dataclasses.asdict(said))

    assert options.mode(devmode=False) == options.mode(devmode=True) == said


def test_a_zero_is_something_that_was_said() -> None:
    options = WorkerOptions(entrypoint_fnc=entrypoint, num_idle_processes=0, drain_timeout=0)

    assert options.mode(devmode=False).num_idle_processes == 0
    assert options.mode(devmode=False).drain_timeout == 0


def test_in_development_no_load_is_too_high() -> None:
    assert math.inf == DEVELOPMENT.load_threshold


@pytest.mark.parametrize(
    "name", ["job_memory_warn_mb", "drain_timeout", "max_retry", "port", "load_threshold"]
)
@pytest.mark.parametrize("value", [-1, math.nan])
def test_numbers_that_make_no_sense_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        WorkerOptions(entrypoint_fnc=entrypoint, **{name: value})


def test_neither_key_nor_secret_is_in_a_repr() -> None:
    keys = {"api_key": "mykey", "api_secret": "hush"}

    shown = repr(WorkerOptions(entrypoint_fnc=entrypoint, **keys))

    assert not [key for key in keys.values() if key in shown]


def test_types_of_workers_are_named_as_the_protocol_names_them() -> None:
    assert [kind.value for kind in WorkerType] == ["JT_ROOM", "JT_PUBLISHER", "JT_PARTICIPANT"]
