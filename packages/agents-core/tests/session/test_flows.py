"""Flows are closed, raced, and given up in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from parley import run

from agents_core.session.flows import cancel_and_wait, closing, first_of, text_of


def test_a_flow_that_is_left_early_has_cleaned_up() -> None:
    closed: list[bool] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    async def work() -> None:
        async with closing(numbers()) as flow:
            async for _ in flow:
                break
        assert closed == [True]

    run(work())


def test_the_first_of_two_wins() -> None:
    async def work() -> None:
        stop = asyncio.Event()
        assert await first_of(asyncio.sleep(0, "done"), stop, grace=1) == "done"
        with pytest.raises(ValueError, match="broken"):
            await first_of(broken(), stop, grace=1)
        asyncio.get_running_loop().call_soon(stop.set)
        assert await first_of(asyncio.Event().wait(), stop, grace=1) is None

    async def broken() -> None:
        raise ValueError("broken")

    run(work())


def test_to_be_cancelled_is_to_cancel_what_is_waited_for() -> None:
    cancelled: list[bool] = []

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(True)

    async def work() -> None:
        task = asyncio.create_task(first_of(stubborn(), asyncio.Event(), grace=1))
        await asyncio.sleep(0.01)
        assert await cancel_and_wait(task, None, within=1) == ()
        assert cancelled == [True]

    run(work())


def test_tasks_that_do_not_end_are_named() -> None:
    async def work() -> None:
        let_go = asyncio.Event()

        async def stubborn() -> None:
            while not let_go.is_set():
                try:
                    await let_go.wait()
                except asyncio.CancelledError:
                    continue

        task = asyncio.create_task(stubborn(), name="the stubborn one")
        await asyncio.sleep(0)
        assert await cancel_and_wait(task, within=0.05) == ("the stubborn one",)
        let_go.set()
        await task

    run(work())


def test_text_comes_in_pieces_whatever_was_given() -> None:
    async def pieces() -> AsyncIterator[str]:
        yield "a"
        yield "b"

    async def work() -> None:
        assert [piece async for piece in text_of("ab")] == ["ab"]
        assert [piece async for piece in text_of(pieces())] == ["a", "b"]

    run(work())
