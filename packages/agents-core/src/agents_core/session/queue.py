"""What the agent is going to say: one speech after another."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from agents_core.session.floor import Floor
from agents_core.session.flows import cancel_and_wait
from agents_core.session.options import SessionDeadlines
from agents_core.session.speech import SpeechHandle
from agents_core.turns import events as on

logger = logging.getLogger("agents_core.session.queue")

Work: TypeAlias = Callable[[], Awaitable[object]]


class SpeechQueue:
    """Performs speeches in order, each to its end, in a task that it owns.

    A speech that was told to stop gets `deadlines.interruption` to do so; then it is cancelled, and
    the next one begins. One that is stopped before its turn is performed all the same: only it
    knows what has to be written down.
    """

    def __init__(
        self,
        floor: Floor,
        deadlines: SessionDeadlines,
        failed: Callable[[SpeechHandle, Exception], None],
    ) -> None:
        self.current: SpeechHandle | None = None
        """The speech whose turn it is."""
        self._floor = floor
        self._deadlines = deadlines
        self._failed = failed
        self._speeches: dict[str, SpeechHandle] = {}
        self._entries: deque[tuple[SpeechHandle | None, Work]] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._worker = asyncio.create_task(self._run(), name="speeches")

    def add(self, handle: SpeechHandle, perform: Work) -> None:
        """Have it said after everything before it."""
        self._speeches[handle.id] = handle
        self._entries.append((handle, perform))
        self._stir()
        self._floor.feed(
            on.SpeechCreated(
                at=self._floor.now, speech=handle.id, interruptible=handle.allow_interruptions
            )
        )

    def add_work(self, work: Work, *, first: bool = False) -> None:
        """Have something else done between two speeches, before the others or after them."""
        if first:
            self._entries.appendleft((None, work))
        else:
            self._entries.append((None, work))
        self._stir()

    def get(self, speech: str) -> SpeechHandle | None:
        """The speech of this id, until it is over."""
        return self._speeches.get(speech)

    @property
    def stopping(self) -> tuple[SpeechHandle, ...]:
        """Those that were told to stop, and have not yet."""
        return tuple(handle for handle in self._speeches.values() if handle.interrupted)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing left to say."""
        return self._idle.is_set()

    async def idle(self) -> None:
        """Wait until there is nothing left to say."""
        await self._idle.wait()

    async def aclose(self) -> None:
        """Stop, once those that were told to stop have; every speech is over when this returns."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.idle(), self._deadlines.interruption)
        await cancel_and_wait(self._worker, within=2 * self._deadlines.io)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._note_the_rest(), self._deadlines.io)
        for handle in tuple(self._speeches.values()):
            self._finish(handle, None)
        self._entries.clear()
        self._idle.set()

    async def _note_the_rest(self) -> None:
        """Let those whose turn never came write down what they have to; they say nothing."""
        while self._entries:
            handle, work = self._entries.popleft()
            if handle is not None:
                handle.cut()
                await self._work(work)

    def _stir(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _run(self) -> None:
        while True:
            while not self._entries:
                self._idle.set()
                self._wake.clear()
                await self._wake.wait()
            handle, work = self._entries.popleft()
            if handle is None:
                await self._work(work)
            else:
                await self._speak(handle, work)

    async def _work(self, work: Work) -> None:
        try:
            await work()
        except Exception:
            logger.exception("what was to be done between two speeches failed")

    async def _speak(self, handle: SpeechHandle, perform: Work) -> None:
        self.current = handle
        task = asyncio.create_task(_performed(perform), name=f"speech {handle.id}")
        stopping = asyncio.create_task(handle.stop.wait(), name="stop")
        error: Exception | None = None
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=self._deadlines.interruption)
            error = await self._end(handle, task)
        except asyncio.CancelledError:
            await cancel_and_wait(task, within=self._deadlines.io)
            raise
        finally:
            stopping.cancel()
            self.current = None
            self._finish(handle, error)

    async def _end(self, handle: SpeechHandle, task: asyncio.Task[object]) -> Exception | None:
        if not task.done():
            logger.warning("%s does not stop: it is cancelled", handle.id)
            task.cancel()
            await asyncio.wait({task}, timeout=self._deadlines.io)
        if task.cancelled() or not task.done():
            return None
        error = task.exception()
        if isinstance(error, Exception):
            self._failed(handle, error)
            return error
        return None

    def _finish(self, handle: SpeechHandle, error: Exception | None) -> None:
        self._speeches.pop(handle.id, None)
        handle.finish(error)
        self._floor.feed(on.SpeechDone(at=self._floor.now, speech=handle.id))


async def _performed(perform: Work) -> object:
    return await perform()
