"""A speech: what the agent says, from the moment it is meant to be said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Generator, Sequence
from contextvars import ContextVar

from agents_core.chat import ChatItem
from agents_core.chat.items import new_id
from agents_core.session.events import SpeechSource

logger = logging.getLogger("agents_core.session.speech")

OWNER: ContextVar[SpeechHandle | None] = ContextVar("agents_core_speech", default=None)
"""The speech in whose tool the current task runs."""


class SpeechHandle:
    """One thing that the agent says, replies to tool results included; await it to its end.

    Awaiting never raises; `exception` tells how the speech failed.
    """

    def __init__(
        self,
        *,
        allow_interruptions: bool,
        source: SpeechSource,
        asked: Callable[[SpeechHandle], None],
    ) -> None:
        """Made by a session.

        Args:
            allow_interruptions: whether the user may stop it.
            source: who wants it said.
            asked: called after `interrupt` was asked for or `allow_interruptions` set.
        """
        self._id = new_id("speech_")
        self._allow_interruptions = allow_interruptions
        self._source = source
        self._asked = asked
        self._stopping = False
        self._cut = asyncio.Event()
        self._done = asyncio.Event()
        self._error: BaseException | None = None
        self._items: list[ChatItem] = []
        self._silence: Callable[[], object] | None = None
        self._callbacks: list[Callable[[SpeechHandle], object]] = []
        self.num_steps = 0
        """How many times a model was asked for it so far."""

    @property
    def id(self) -> str:
        """A name that no other speech has."""
        return self._id

    @property
    def source(self) -> SpeechSource:
        """Who wants it said."""
        return self._source

    @property
    def allow_interruptions(self) -> bool:
        """Whether the user may stop it; may be set until it is interrupted.

        Raises:
            RuntimeError: set to False on a speech that is interrupted.
        """
        return self._allow_interruptions

    @allow_interruptions.setter
    def allow_interruptions(self, allow: bool) -> None:
        if self.interrupted and not allow:
            raise RuntimeError("the speech is interrupted already")
        self._allow_interruptions = allow
        self._asked(self)

    @property
    def interrupted(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping or self._cut.is_set()

    @property
    def chat_items(self) -> tuple[ChatItem, ...]:
        """What it has added to the conversation so far."""
        return tuple(self._items)

    def done(self) -> bool:
        """Whether it is over."""
        return self._done.is_set()

    def exception(self) -> BaseException | None:
        """How it failed; None where it did not.

        Raises:
            asyncio.InvalidStateError: it is not over yet.
        """
        if not self.done():
            raise asyncio.InvalidStateError("the speech is not over yet")
        return self._error

    def interrupt(self, *, force: bool = False) -> SpeechHandle:
        """Stop it at once; nothing happens where it is over or stopping. It can be awaited.

        Raises:
            RuntimeError: it may not be interrupted, and `force` is not given.
        """
        if self.interrupted or self.done():
            return self
        if not (force or self._allow_interruptions):
            raise RuntimeError("the speech does not allow interruptions")
        self._stopping = True
        self._asked(self)
        return self

    async def wait_for_playout(self) -> None:
        """Wait until all of it is over: what is heard, tools, and the replies to them.

        Raises:
            RuntimeError: called in a tool of this very speech, which would wait for itself.
        """
        if OWNER.get() is self:
            raise RuntimeError("a tool cannot wait for the speech that waits for the tool")
        await self._done.wait()

    def __await__(self) -> Generator[object, None, SpeechHandle]:
        yield from self.wait_for_playout().__await__()
        return self

    def add_done_callback(self, callback: Callable[[SpeechHandle], object]) -> None:
        """Have `callback` called once it is over; soon, where it is already."""
        if self.done():
            asyncio.get_running_loop().call_soon(self._call, callback)
        else:
            self._callbacks.append(callback)

    def remove_done_callback(self, callback: Callable[[SpeechHandle], object]) -> None:
        """Do not call `callback` after all."""
        self._callbacks = [each for each in self._callbacks if each != callback]

    # What follows is for the session alone.

    def add_item(self, item: ChatItem) -> None:
        """Note what it added to the conversation."""
        self._items.append(item)

    @property
    def stop(self) -> asyncio.Event:
        """Set once whoever makes or plays it has to stop."""
        return self._cut

    def cut(self) -> None:
        """Tell whoever makes or plays it to stop, at once."""
        self._cut.set()
        if self._silence is not None:
            self._silence()

    def silenced_by(self, silence: Callable[[], object] | None) -> None:
        """Have `silence` called the moment it is cut; also where it is cut already."""
        self._silence = silence
        if silence is not None and self._cut.is_set():
            silence()

    def finish(self, error: BaseException | None = None) -> None:
        """Say that it is over, once."""
        if self.done():
            return
        self._error = error
        self._done.set()
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            self._call(callback)

    def _call(self, callback: Callable[[SpeechHandle], object]) -> None:
        try:
            callback(self)
        except Exception:
            logger.exception("a callback of %s failed", self._id)

    def __repr__(self) -> str:
        state = "done" if self.done() else "interrupted" if self.interrupted else "pending"
        return f"<SpeechHandle {self._id} {state}>"


class Stopping:
    """Speeches that were told to stop; await it until they have."""

    def __init__(self, handles: Sequence[SpeechHandle]) -> None:
        self._handles = handles

    def __await__(self) -> Generator[object, None, None]:
        for handle in self._handles:
            yield from handle.wait_for_playout().__await__()
