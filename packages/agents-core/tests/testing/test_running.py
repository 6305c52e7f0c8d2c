"""Coroutines that are run to their end, or to their deadline."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from agents_core.testing.running import Late, run


def test_what_is_returned_comes_back() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert run(answer()) == 42


def test_what_is_raised_comes_back() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(fail())


def test_a_skip_is_a_skip() -> None:
    async def skip() -> None:
        pytest.skip("not here")

    with pytest.raises(pytest.skip.Exception, match="not here"):
        run(skip())


def test_a_deadline_that_passes_says_where_it_waits() -> None:
    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Late, match=r"not done after 0\.05 s:\ntask 'test':\n.*wait_for_ever"):
        run(wait_for_ever(), within=0.05)


def test_one_that_does_not_let_itself_be_cancelled_cannot_keep_us() -> None:
    async def refuse() -> None:
        while not over.is_set():
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                continue

    over = threading.Event()
    with pytest.raises(Late, match="does not let itself be cancelled"):
        run(refuse(), within=0.05)
    over.set()


def test_one_that_blocks_the_loop_cannot_keep_us_either() -> None:
    async def block() -> None:
        over.wait(30)

    over = threading.Event()
    began = time.monotonic()
    with pytest.raises(Late, match=r"blocked:\n(.*\n)*.*over\.wait"):
        run(block(), within=0.05)
    over.set()

    assert time.monotonic() - began < 20


def test_tasks_that_are_left_are_cancelled_and_finish_their_clean_up() -> None:
    async def leave() -> None:
        tasks.append(asyncio.create_task(clean_up()))
        await asyncio.sleep(0)

    async def clean_up() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    tasks: list[asyncio.Task[None]] = []
    cleaned: list[bool] = []
    run(leave())

    assert cleaned == [True]
