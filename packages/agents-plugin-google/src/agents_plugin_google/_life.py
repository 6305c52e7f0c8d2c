"""The life of a conversation: connections, one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agents_core.chat import ChatContext
from agents_core.errors import APIConnectionError, APIError, APITimeoutError
from agents_core.realtime import RealtimeSession, SessionReconnected
from agents_core.retry import wait_before_retry
from agents_core.streams import PortError
from agents_core.tools import FunctionTool
from agents_plugin_google._answer import Question
from agents_plugin_google._conversation import Conversation
from agents_plugin_google._line import Line
from agents_plugin_google._outbox import Outbox
from agents_plugin_google._wire import talk as words
from agents_plugin_google._wire.setup import Beginning, format_setup

if TYPE_CHECKING:
    from agents_plugin_google.realtime import RealtimeModel

logger = logging.getLogger("agents_plugin_google")


class Life:
    """One task, which connects once that is wanted, and again where it has to."""

    def __init__(self, session: RealtimeSession, model: RealtimeModel) -> None:
        self.instructions = model.instructions
        self.tools: tuple[FunctionTool, ...] = ()
        self._session = session
        self._model = model
        self._talk = model.talk
        self._options = model.conn_options
        self._outbox = Outbox()
        self._conversation = Conversation(session, model, self._outbox)
        self._beginning: Beginning | None = None
        self._wanted = asyncio.Event()
        self._renewal = asyncio.Event()
        self._ready = asyncio.Event()
        self._over: APIError | None = None
        self._anew = False
        self._failed = 0
        self._lost = False
        self._task = asyncio.create_task(self._live(), name=f"session of {model.label}")

    @property
    def chat_ctx(self) -> ChatContext:
        """The conversation, as far as is known."""
        return self._conversation.record.chat_ctx

    @property
    def handle(self) -> str | None:
        """By which the conversation can go on as it was lately."""
        return self._conversation.record.handle

    def begin(self) -> None:
        """Connect, if that was not done."""
        self._wanted.set()

    def turn(self, *, begins: bool) -> None:
        """Say that the user's turn begins, or ends; where it has done so, nothing."""
        conversation = self._conversation
        if begins != conversation.in_turn:
            conversation.in_turn = begins
            self._outbox.put(words.ACTIVITY_START if begins else words.ACTIVITY_END, lasting=True)

    def send(self, message: Mapping[str, Any], *, lasting: bool) -> None:
        """Say this, in the order of the calls."""
        self._outbox.put(message, lasting=lasting)

    def ask(self, question: Question) -> None:
        """Have it answered."""
        if self._over is not None:
            question.fail(self._over)
        else:
            self._conversation.ask(question)

    def interrupt(self) -> None:
        """Have the answer end."""
        self._conversation.interrupt()

    def allow_calls(self, *, allowed: bool) -> None:
        """Whether tools may be called, from the next call on."""
        self._conversation.allow_calls(allowed=allowed)

    async def update(self, chat_ctx: ChatContext) -> None:
        """Make the conversation equal to this.

        Raises:
            APIError: Google could not be told.
        """
        conversation = self._conversation
        added = words.only_added(self.chat_ctx, chat_ctx)
        conversation.record.chat_ctx = chat_ctx.copy()
        self._anew = self._anew or added is None
        if added is None or words.instructions_in(added) or not conversation.connected:
            await self.renew()
        else:
            await self._within(asyncio.gather(*conversation.tell(added)))

    async def renew(self) -> None:
        """Connect anew where what a connection begins with has changed; when there is silence.

        Raises:
            APIError: it did not succeed.
        """
        self._renew_if_due()
        if self._wanted.is_set() and (self._renewal.is_set() or not self._ready.is_set()):
            await self._within(self._ready.wait())
            if self._over is not None:
                raise self._over

    async def aclose(self) -> None:
        """End it; again is allowed."""
        self._task.cancel()
        self._give_up(APIConnectionError("the conversation was closed", retryable=False))
        await asyncio.wait({self._task})

    async def _live(self) -> None:
        try:
            await self._wanted.wait()
            while await self._survive():
                pass
        except Exception as error:  # a defect of ours: nobody is to wait for ever
            logger.exception("%s failed", self._model.label)
            broken = APIError(f"the conversation failed: {error!r}", retryable=False)
            self._tell_error(broken, recoverable=False)
            self._give_up(broken)

    async def _survive(self) -> bool:
        """One connection; whether there is to be another."""
        try:
            await self._converse()
        except APIError as error:
            self._failed += 1
            wait = wait_before_retry(
                error, attempt=self._failed, options=self._options, answered=False
            )
            self._ready.clear()
            self._conversation.lose(error)
            self._tell_error(error, recoverable=wait is not None)
            if wait is None:
                self._give_up(error)
                return False
            self._lost = True
            await asyncio.sleep(wait)
        else:
            self._ready.clear()
            self._conversation.lose(None)
        return True

    async def _converse(self) -> None:
        if self._anew:
            self._conversation.record.forget_handle()
        self._anew = False
        self._renewal.clear()
        model, timeout = self._model, self._options.timeout
        async with model.client.converse(timeout=timeout) as (socket, place):
            line = Line(
                socket, self._conversation, self._outbox, place=place, provider=model.provider
            )
            resumed = await self._set_up(line, place.name(self._talk.model))
            for message in self._conversation.open(resumed=resumed):
                await line.send(message)
            self._opened()
            await line.hold(until=self._renewal, heard=self._heard, spoilt=self._spoilt)

    async def _set_up(self, line: Line, name: str) -> bool:
        """Whether the conversation goes on where it was."""
        handle = self.handle
        self._beginning = self._wished()
        try:
            await line.set_up(format_setup(self._beginning, name=name, handle=handle))
        except APIError as error:
            if handle is None or isinstance(error, APITimeoutError):
                raise
            self._conversation.record.forget_handle()  # it may be too old
            provider = self._model.provider
            raise APIConnectionError(f"{provider} did not resume the conversation") from error
        return handle is not None

    def _opened(self) -> None:
        lost, self._lost = self._lost, False
        self._ready.set()
        if lost:
            self._session.emit("session_reconnected", SessionReconnected())
        self._renew_if_due()
        self._conversation.ask_next()

    def _heard(self) -> None:
        if self._conversation.turns.answering:
            self._failed = 0
        self._renew_if_due()

    def _spoilt(self, error: APIError) -> None:
        self._tell_error(error, recoverable=True)

    def _wished(self) -> Beginning:
        said = words.instructions_in(self.chat_ctx.items)
        instructions = "\n".join(filter(None, (self.instructions, *said)))
        return Beginning(instructions=instructions, tools=self.tools, talk=self._talk)

    def _renew_if_due(self) -> None:
        conversation = self._conversation
        changed = self._anew or self._beginning != self._wished()
        if conversation.connected and conversation.quiet and (changed or conversation.going_away):
            self._renewal.set()
            self._ready.clear()

    async def _within(self, work: Any) -> None:  # noqa: ANN401 - an awaitable of anything
        try:
            async with asyncio.timeout(self._options.timeout):
                await work
        except TimeoutError:
            raise APITimeoutError(f"{self._model.provider} could not be told in time") from None

    def _give_up(self, error: APIError) -> None:
        self._over = self._over or error
        self._conversation.close(error)
        self._outbox.close(error)
        self._ready.set()

    def _tell_error(self, error: APIError, *, recoverable: bool) -> None:
        label = self._model.label
        self._session.emit("error", PortError(label=label, error=error, recoverable=recoverable))
