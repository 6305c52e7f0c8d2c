"""A session while it runs: whoever leads, what is being said, and all that it owns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from agents_core.agent import Agent
from agents_core.chat import AgentHandoff, ChatItem
from agents_core.errors import APIError
from agents_core.session.acting import act
from agents_core.session.early import EarlyAnswer
from agents_core.session.events import (
    CloseReason,
    ConversationItemAddedEvent,
    ErrorEvent,
    SessionEvent,
    SpeechCreatedEvent,
    SpeechSource,
)
from agents_core.session.failures import Failures
from agents_core.session.floor import Floor
from agents_core.session.queue import SpeechQueue
from agents_core.session.run_result import RunResult
from agents_core.session.shift import Shift
from agents_core.session.speech import SpeechHandle
from agents_core.turns import events as on

if TYPE_CHECKING:
    from agents_core.session.life import SessionLife

logger = logging.getLogger("agents_core.session")


class Conversation:
    """Made when a session starts, in its loop; ended by `closing.Teardown`, and by nothing else."""

    def __init__(self, session: SessionLife[Any], agent: Agent) -> None:
        """Put the parts together.

        Raises:
            ValueError: they do not fit each other.
        """
        self.session = session
        self.options = session.options
        self.parts = session.parts
        self.input = session.input
        self.output = session.output
        self.closing = False
        self.run: RunResult | None = None
        self.failures = Failures(self.options.conn_options.max_unrecoverable_errors)
        self.floor = Floor(self.options.turns, partial(act, self))
        self.early = EarlyAnswer(self)
        self.shift = Shift(self, agent)
        self.queue = SpeechQueue(self.floor, self.options.deadlines, self._speech_failed)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.entering: asyncio.Task[None] | None = None

    @property
    def current_agent(self) -> Agent:
        """Who leads."""
        return self.shift.agent

    async def start(self) -> None:
        """Let the first agent lead.

        Raises:
            Exception: it could not; see `Shift.start`.
        """
        await self.shift.start()
        self._note_handoff(None)
        self.floor.feed(on.Started(at=self.floor.now))
        self.entering = self.shift.enter()

    def hand_over(self, agent: Agent, *, first: bool = True) -> None:
        """Let `agent` lead, after what is being said, or after all that waits to be said."""
        self.queue.add_work(partial(self._hand_over, agent), first=first)

    def create_speech(
        self,
        source: SpeechSource,
        *,
        user_initiated: bool = False,
        allow_interruptions: bool | None = None,
    ) -> SpeechHandle:
        """A new speech; it is the caller's to queue it."""
        choices = (
            allow_interruptions,
            self.current_agent.allow_interruptions,
            self.options.allow_interruptions,
        )
        allow = next(choice for choice in choices if choice is not None)
        handle = SpeechHandle(allow_interruptions=allow, source=source, asked=self._speech_asked)
        self.emit(
            "speech_created",
            SpeechCreatedEvent(user_initiated=user_initiated, source=source, speech_handle=handle),
        )
        return handle

    def remember(self, item: ChatItem, handle: SpeechHandle | None = None) -> None:
        """Add `item` to the history, to what the agent knows, and to its speech."""
        self.session.history.items.append(item)
        self.current_agent.knowledge.items.append(item)
        if handle is not None:
            handle.add_item(item)
        if self.run is not None:
            self.run.record(item, self.current_agent)
        self.emit("conversation_item_added", ConversationItemAddedEvent(item=item))

    def emit(self, event: SessionEvent, value: object) -> None:
        """Tell the application."""
        self.session.emit(event, value)

    def report(self, error: BaseException, source: object, *, recoverable: bool) -> None:
        """Tell the application of an error."""
        self.emit("error", ErrorEvent(error=error, source=source, recoverable=recoverable))

    def count_failure(self, error: BaseException, source: object) -> None:
        """Report a final failure of `source`; one too many in a row closes the session."""
        self.report(error, source, recoverable=False)
        if self.failures.failed(source):
            logger.error("too many failures in a row of %r: the session closes", source)
            self.session.close_soon(CloseReason.ERROR, error=error)

    def fail(self, error: BaseException, source: object) -> None:
        """Report a failure that there is no going on after."""
        self.report(error, source, recoverable=False)
        self.session.close_soon(CloseReason.ERROR, error=error)

    def spawn(self, work: Coroutine[Any, Any, object], name: str) -> None:
        """Have `work` done beside the conversation; it ends with it at the latest."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._reap)

    @property
    def tasks(self) -> tuple[asyncio.Task[Any], ...]:
        """What is being done beside the conversation."""
        return tuple(self._tasks)

    async def finish_run(self, result: RunResult, handle: SpeechHandle) -> None:
        """Call `result` whole once nothing is being said, and whoever leads has entered."""
        await handle.wait_for_playout()
        await self.settle()
        result.finish(handle.exception())

    async def settle(self) -> None:
        """Wait until nothing is being said, and whoever leads has entered."""
        while True:
            await self.queue.idle()
            if self.entering is not None and not self.entering.done():
                await asyncio.wait({self.entering})
            elif self.queue.is_idle:  # and has not been asked for more while that was told
                return

    async def _hand_over(self, agent: Agent) -> None:
        if agent is self.current_agent or self.closing:
            return
        leaving = self.shift
        self.early.discard()
        await leaving.stop()
        try:
            self.shift = Shift(self, agent)
            self.shift.prewarm()
            await self.shift.start()
        except Exception as error:
            logger.exception("agent %s cannot lead", agent.id)
            self.fail(error, agent)
            return
        self._note_handoff(leaving.agent)
        self.entering = self.shift.enter()

    def _note_handoff(self, leaving: Agent | None) -> None:
        old = None if leaving is None else leaving.id
        item = AgentHandoff(new_agent_id=self.current_agent.id, old_agent_id=old)
        self.remember(item)

    def _speech_asked(self, handle: SpeechHandle) -> None:
        now, speech = self.floor.now, handle.id
        if handle.interrupted:
            self.floor.feed(on.InterruptAsked(at=now, speech=speech, force=True))
        else:
            allow = handle.allow_interruptions
            self.floor.feed(on.SpeechChanged(at=now, speech=speech, interruptible=allow))

    def _speech_failed(self, handle: SpeechHandle, error: Exception) -> None:
        logger.error("%s failed", handle.id, exc_info=error)
        parts = self.shift.parts
        blamed = parts.tts if handle.source == "say" else parts.llm
        if isinstance(error, APIError) and blamed is not None:
            self.count_failure(error, blamed)
        else:  # of a node, or of what the application gave: it knows best how to go on
            self.report(error, self.current_agent, recoverable=False)

    def _reap(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s failed", task.get_name(), exc_info=error)
