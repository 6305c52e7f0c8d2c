"""Every task of a loop, stopped and awaited."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine

import pytest

from agents_core.jobs.tasks import Tasks, cancel_all


class Loop:
    """A loop full of work, in which one task, spared, stops all the others."""

    def __init__(self) -> None:
        self.started: dict[str, asyncio.Task[object]] = {}
        self.tasks = Tasks()
        self.released = asyncio.Event()

    def start(self, name: str, work: Coroutine[object, object, object]) -> None:
        self.started[name] = asyncio.create_task(work, name=name)

    async def refuse(self) -> None:
        """Go on, however often cancelled, until released."""
        while not self.released.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.released.wait()


def run(job: Callable[[Loop], Awaitable[None]]) -> None:
    """Run `job` for ten seconds at most."""

    async def spared() -> None:
        loop = Loop()
        loop.tasks.spare_current()
        try:
            async with asyncio.timeout(10):
                await job(loop)
        finally:
            loop.released.set()

    asyncio.run(spared())


def test_every_task_is_awaited_together_with_its_clean_up() -> None:
    cleaned: list[int] = []

    async def work(number: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.001 * number)
            cleaned.append(number)

    async def job(loop: Loop) -> None:
        for number in range(5):
            loop.start(f"work {number}", work(number))
        await asyncio.sleep(0)
        await loop.tasks.stop()
        assert all(task.done() for task in loop.started.values())
        assert loop.tasks.late() == []

    run(job)

    assert cleaned == [0, 1, 2, 3, 4]


def test_a_task_that_appears_during_a_clean_up_is_stopped_beside_one_that_refuses() -> None:
    async def parent(loop: Loop) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            loop.start("newcomer", asyncio.sleep(60))

    async def job(loop: Loop) -> None:
        loop.start("stubborn", loop.refuse())
        loop.start("parent", parent(loop))
        await asyncio.sleep(0)
        stop = asyncio.create_task(loop.tasks.stop())
        await asyncio.wait({loop.started["parent"]})
        await asyncio.wait({loop.started["newcomer"]})
        assert not stop.done()
        assert loop.tasks.late() == ["stubborn"]
        loop.released.set()
        await stop

    run(job)


def test_a_task_is_asked_once_so_that_its_clean_up_is_not_cut_short() -> None:
    cleaned: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            cleaned.append("slow")

    async def job(loop: Loop) -> None:
        loop.start("slow", slow())
        for number in range(5):
            loop.start(f"quick {number}", asyncio.sleep(60))
        await asyncio.sleep(0)
        await loop.tasks.stop()

    run(job)

    assert cleaned == ["slow"]


def test_an_error_during_a_clean_up_is_logged_and_not_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise OSError("disk full")

    async def job(loop: Loop) -> None:
        loop.start("recorder", fail())
        await asyncio.sleep(0)
        await loop.tasks.stop()

    run(job)

    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "recorder" in record.getMessage()


def test_tasks_of_our_own_are_cancelled_and_awaited_however_they_ended() -> None:
    async def fail() -> None:
        raise ValueError("ended before")

    async def main() -> list[bool]:
        failed, endless = asyncio.create_task(fail()), asyncio.create_task(asyncio.sleep(3600))
        await asyncio.sleep(0)
        await cancel_all((failed, endless))
        return [failed.cancelled(), endless.cancelled()]

    assert asyncio.run(main()) == [False, True]
