"""Speeches are performed in order, each to its end, and none holds up the others for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from parley import run

from agents_core.session.floor import Floor
from agents_core.session.options import SessionDeadlines
from agents_core.session.queue import SpeechQueue
from agents_core.session.speech import SpeechHandle
from agents_core.turns import TurnOptions

DEADLINES = SessionDeadlines(interruption=0.05, io=0.05)


class Lectern:
    def __init__(self) -> None:
        self.failed: list[Exception] = []
        self.order: list[str] = []
        floor = Floor(TurnOptions(), lambda _: None)
        self.queue = SpeechQueue(floor, DEADLINES, lambda _, error: self.failed.append(error))

    def speech(self, work: Callable[[], Awaitable[object]]) -> SpeechHandle:
        handle = SpeechHandle(allow_interruptions=True, source="say", asked=SpeechHandle.cut)
        self.queue.add(handle, work)
        return handle

    def saying(self, text: str) -> Callable[[], Awaitable[object]]:
        async def perform() -> None:
            await asyncio.sleep(0)
            self.order.append(text)

        return perform


def test_one_after_another_with_work_between_them() -> None:
    async def work() -> None:
        lectern = Lectern()
        assert lectern.queue.is_idle
        lectern.speech(lectern.saying("one"))
        last = lectern.speech(lectern.saying("two"))
        lectern.queue.add_work(lectern.saying("last"))
        lectern.queue.add_work(lectern.saying("first"), first=True)
        await last
        await lectern.queue.idle()
        assert lectern.order == ["first", "one", "two", "last"]
        assert lectern.queue.get(last.id) is None
        await lectern.queue.aclose()

    run(work())


def test_one_that_fails_fails_alone() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    async def work() -> None:
        lectern = Lectern()
        handle = lectern.speech(broken)
        lectern.queue.add_work(broken)
        last = lectern.speech(lectern.saying("on"))
        await last
        assert isinstance(handle.exception(), ValueError)
        assert (len(lectern.failed), lectern.order) == (1, ["on"])
        await lectern.queue.aclose()

    run(work())


def test_one_that_does_not_stop_is_cancelled_and_the_next_one_begins() -> None:
    async def work() -> None:
        lectern = Lectern()
        stuck = lectern.speech(asyncio.Event().wait)
        after = lectern.speech(lectern.saying("on"))
        await asyncio.sleep(0)
        assert lectern.queue.current is stuck
        stuck.interrupt()
        await after
        assert stuck.done()
        assert stuck.exception() is None
        assert lectern.order == ["on"]
        await lectern.queue.aclose()

    run(work())


def test_the_end_ends_all_of_them() -> None:
    async def work() -> None:
        lectern = Lectern()
        handles = [lectern.speech(asyncio.Event().wait) for _ in range(3)]
        await asyncio.sleep(0)
        await lectern.queue.aclose()
        assert all(handle.done() for handle in handles)
        assert lectern.order == []

    run(work())
