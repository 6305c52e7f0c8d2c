from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.streams import FLUSH, Flush, Inlet


async def _read(inlet: Inlet[int], most: int) -> list[int]:
    read = []
    for _ in range(most):
        if not await inlet.ready():
            break
        read.append(await anext(inlet))
    return read


@pytest.mark.property
@given(
    values=st.lists(st.integers(), max_size=12),
    stops=st.lists(st.integers(min_value=0, max_value=12), max_size=4),
)
def test_however_often_reading_begins_anew_all_is_read_in_order(
    values: list[int], stops: list[int]
) -> None:
    async def scenario() -> None:
        inlet: Inlet[int] = Inlet()
        for value in values:
            inlet.send(value)
        inlet.close()
        for stop in stops:
            assert await _read(inlet, stop) == values[:stop]
            inlet.rewind()
        assert [value async for value in inlet] == values
        assert inlet.exhausted
        assert list(inlet.behind) == values

    asyncio.run(scenario())


def test_what_is_forgotten_is_not_read_again() -> None:
    async def scenario() -> None:
        inlet: Inlet[int] = Inlet()
        for value in (1, 2, 3):
            inlet.send(value)
        await anext(inlet)
        inlet.forget()
        await anext(inlet)
        inlet.rewind()
        assert await _read(inlet, 2) == [2, 3]

    asyncio.run(scenario())


def test_without_memory_nothing_is_kept() -> None:
    async def scenario() -> None:
        inlet: Inlet[int] = Inlet(remembers=False)
        inlet.send(1)
        await anext(inlet)
        assert inlet.behind == ()

    asyncio.run(scenario())


def test_a_closed_inlet_takes_nothing_and_says_so() -> None:
    async def scenario() -> None:
        inlet: Inlet[int] = Inlet()
        assert inlet.send(1)
        inlet.close()
        inlet.close()
        assert not inlet.send(2)
        assert inlet.closed
        assert [value async for value in inlet] == [1]

    asyncio.run(scenario())


def test_a_reader_that_waits_is_woken_by_a_value_and_by_the_end() -> None:
    async def scenario() -> None:
        inlet: Inlet[int] = Inlet()
        reader = asyncio.create_task(_read(inlet, 5))
        await asyncio.sleep(0)
        inlet.send(1)
        await asyncio.sleep(0)
        inlet.close()
        assert await asyncio.wait_for(reader, 5) == [1]

    asyncio.run(scenario())


def test_there_is_one_flush() -> None:
    assert isinstance(FLUSH, Flush)
    assert Flush("flush") is FLUSH
    assert repr(FLUSH) == "FLUSH"
