from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.worker.load import CpuLoad, LoadQuestion, MovingAverage, bind_load, watch_load
from agents_core.worker.timings import Timings

QUICK = Timings(status=0.05, sample=0.01)


@pytest.mark.property
@given(st.lists(st.floats(0, 1)), st.integers(1, 9))
def test_an_average_is_the_mean_of_the_last_values(values: list[float], size: int) -> None:
    average = MovingAverage(size)
    for value in values:
        average.add(value)

    last = values[-size:]
    assert average.value == pytest.approx(math.fsum(last) / len(last) if last else 0)


def test_an_average_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 values"):
        MovingAverage(0)


def test_the_load_of_the_cpus_is_a_share() -> None:
    load = CpuLoad(2)
    load.sample()
    load.sample()

    assert 0 <= load() <= 1


def ask(load_fnc: Callable[[], float], *, within: float = 5) -> float | None:
    async def question() -> float | None:
        return await LoadQuestion(load_fnc).answer(within=within)

    return asyncio.run(question())


def test_the_users_function_is_asked() -> None:
    assert ask(lambda: 0.25) == 0.25


def test_no_load_is_below_nothing() -> None:
    assert ask(lambda: -1) == 0


@pytest.mark.parametrize("load", [math.nan, math.inf, "much", None])
def test_an_answer_that_is_no_load_is_none(load: float) -> None:
    assert ask(lambda: load) is None


def test_a_function_that_raises_gives_no_answer() -> None:
    assert ask(lambda: 1 / 0) is None


def test_a_function_that_does_not_return_holds_nobody_up() -> None:
    release = threading.Event()
    calls: list[int] = []

    def slow() -> float:
        calls.append(1)
        release.wait(30)
        return 0.5

    async def questions() -> list[float | None]:
        question = LoadQuestion(slow)
        answers = [await question.answer(within=0.05) for _ in range(3)]
        release.set()
        return [*answers, await question.answer(within=10)]

    started = time.monotonic()
    assert asyncio.run(questions()) == [None, None, None, 0.5]
    assert time.monotonic() - started < 20
    assert len(calls) == 1, "it was asked again beside itself"


def test_a_function_that_outlives_the_loop_is_left_behind() -> None:
    release = threading.Event()

    assert ask(lambda: float(release.wait(30)), within=0.05) is None
    release.set()  # what it returns has nowhere to go, and nothing is raised in its thread


def test_a_function_is_given_the_worker_if_it_takes_one() -> None:
    assert bind_load(lambda: 0.5, "worker")() == 0.5
    assert bind_load(lambda worker: 0.7 if worker == "worker" else 0, "worker")() == 0.7
    assert bind_load(max, "worker") is max, "nobody knows what it takes"


@pytest.mark.parametrize("load_fnc", [None, lambda: 0.5], ids=["cpus", "function"])
def test_the_load_is_told_again_and_again(load_fnc: Callable[[], float] | None) -> None:
    async def listen() -> list[float]:
        heard: list[float] = []
        enough = asyncio.Event()

        def hear(load: float) -> None:
            heard.append(load)
            if len(heard) == 2:
                enough.set()

        watch = asyncio.create_task(watch_load(load_fnc, QUICK, hear))
        async with asyncio.timeout(20):
            await enough.wait()
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        return heard

    assert all(0 <= load <= 1 for load in asyncio.run(listen()))


def test_a_function_that_exits_has_answered_nothing_and_is_asked_again() -> None:
    answers = iter((SystemExit(3), None))

    def load() -> float:
        if (leave := next(answers)) is not None:
            raise leave
        return 0.5

    async def twice() -> list[float | None]:
        question = LoadQuestion(load)
        return [await question.answer(within=5), await question.answer(within=5)]

    assert asyncio.run(twice()) == [None, 0.5]
