"""How a session ends: once, whoever asks, step by step, each guarded and bounded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from agents_core.session.events import CloseEvent, CloseReason
from agents_core.session.flows import cancel_and_wait
from agents_core.turns import events as on

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation

logger = logging.getLogger("agents_core.session.closing")


class Teardown:
    """The one ending of one conversation."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Wait no longer for what is being said, but for what may not be interrupted."""
        self._hurry.set()
        floor = self._talk.floor
        floor.feed(on.InterruptAsked(at=floor.now))

    async def run(
        self, reason: CloseReason, *, drain: bool, error: BaseException | None = None
    ) -> None:
        """Say what is to be said, stop the rest, let go of everything, tell the application.

        Takes no longer than the sum of the session's deadlines. A step that fails or is late is
        logged, and the next one is taken.
        """
        talk, deadlines = self._talk, self._talk.options.deadlines
        talk.closing = True
        talk.floor.feed(on.DrainAsked(at=talk.floor.now))
        if not drain:
            self.hurry()
        await self._step("last words", self._last_words(), deadlines.drain)
        talk.floor.feed(on.CloseAsked(at=talk.floor.now))
        await self._step("speeches", talk.queue.aclose(), deadlines.interruption + 3 * deadlines.io)
        late = await cancel_and_wait(*talk.tasks, within=deadlines.io)
        if late:
            logger.warning("closing: left behind: %s", ", ".join(late))
        await self._step("agent", talk.shift.stop(), deadlines.hook + 4 * deadlines.io)
        await self._step("room", talk.session.leave_room(), 3 * deadlines.io)
        if talk.run is not None:
            talk.run.finish(error)
        talk.emit("close", CloseEvent(reason=reason, error=error))

    async def _last_words(self) -> None:
        idle = asyncio.create_task(self._talk.queue.idle(), name="last words")
        hurry = asyncio.create_task(self._hurry.wait(), name="hurry")
        try:
            await asyncio.wait({idle, hurry}, return_when=asyncio.FIRST_COMPLETED)
            if self._talk.floor.state.protected:
                await idle
        finally:
            await cancel_and_wait(idle, hurry, within=1.0)

    async def _step(self, name: str, work: Awaitable[object], deadline: float) -> None:
        try:
            await asyncio.wait_for(work, deadline)
        except TimeoutError:
            logger.warning("closing: %s: not done within %g s", name, deadline)
        except Exception:
            logger.exception("closing: %s failed", name)
