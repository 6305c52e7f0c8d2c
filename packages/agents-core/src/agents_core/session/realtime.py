"""A realtime model's side of a conversation: what it hears, says, calls and is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from agents_core.agent import Agent
from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext, ChatItem, ChatMessage
from agents_core.realtime import (
    GenerationCreatedEvent,
    InputTranscriptionCompleted,
    MessageGeneration,
    RealtimeModel,
)
from agents_core.session.events import MetricsCollectedEvent, UserInputTranscribedEvent
from agents_core.session.flows import cancel_and_wait, first_of
from agents_core.session.prompt import Wish
from agents_core.session.reply import conclude_calls, playback, think_on
from agents_core.session.speech import SpeechHandle
from agents_core.session.tool_calls import Called, ToolCalls
from agents_core.streams import PortError
from agents_core.turns import events as on

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation

logger = logging.getLogger("agents_core.session.realtime")


class RealtimeLink:
    """One agent's connection to its realtime model."""

    def __init__(self, talk: Conversation, agent: Agent, model: RealtimeModel) -> None:
        self._talk = talk
        self._agent = agent
        self._model = model
        self._deadline = talk.options.deadlines.realtime_reply
        self._remote = model.session()
        self._remote.on("input_speech_started", self._user_started)
        self._remote.on("input_speech_stopped", self._user_stopped)
        self._remote.on("input_audio_transcription_completed", self._understood)
        self._remote.on("generation_created", self._created)
        self._remote.on("error", self._failed)
        self._remote.on("metrics_collected", self._measured)

    async def start(self) -> None:
        """Tell the model who it is and what was said so far.

        Raises:
            APIError: it did not take it.
            TimeoutError: it did not answer in time.
        """
        for what in ("instructions", "tools", "chat_ctx"):
            await asyncio.wait_for(self.update(what), self._deadline)

    async def update(self, what: str) -> None:
        """Tell the model of a change of the agent's instructions, tools or conversation."""
        if what == "instructions":
            await self._remote.update_instructions(self._agent.instructions)
        elif what == "tools":
            await self._remote.update_tools(self._agent.callable_tools)
        elif len(self._agent.knowledge):
            await self._remote.update_chat_ctx(self._agent.knowledge.copy(exclude_handoff=True))

    def hear(self, frame: AudioFrame) -> None:
        """Let the model hear the user."""
        self._remote.push_audio(frame)

    def commit(self) -> None:
        """Say that the user has finished."""
        self._remote.commit_audio()

    def clear(self) -> None:
        """Have the model forget what it heard."""
        self._remote.clear_audio()

    async def reply(
        self, handle: SpeechHandle, wish: Wish, said: ChatMessage | None = None
    ) -> None:
        """Have the model answer, `said` where that is given, and play it.

        Raises:
            APIError: the model failed.
            TimeoutError: it did not begin in time.
        """
        if said is not None:
            self._talk.remember(said, handle)
            await self._tell(said)
        if handle.interrupted:
            return
        if wish.tool_choice != "auto":
            self._remote.update_options(tool_choice=wish.tool_choice)
        try:
            asked = self._remote.generate_reply(instructions=wish.instructions)
            await self._perform(handle, await asyncio.wait_for(asked, self._deadline))
        finally:
            if wish.tool_choice != "auto":
                self._remote.update_options(tool_choice="auto")

    async def aclose(self) -> None:
        """End the connection."""
        await asyncio.wait_for(self._remote.aclose(), self._talk.options.deadlines.io)

    async def _perform(self, handle: SpeechHandle, generation: GenerationCreatedEvent) -> None:
        calls = ToolCalls(self._talk, handle, self._agent.callable_tools)
        handle.num_steps += 1
        taking = asyncio.create_task(calls.take(generation.function_stream), name="tool calls")
        try:
            await self._play_all(handle, generation)
            if handle.interrupted:
                self._remote.interrupt()
            else:
                await first_of(taking, handle.stop, grace=self._deadline)
                if calls.any:
                    think_on(self._talk, handle)
                await first_of(calls.ended(), handle.stop, grace=self._deadline)
        finally:
            await cancel_and_wait(taking, within=self._deadline)
        if not handle.interrupted:
            await self._conclude(handle, calls.take_called())
        elif calls.any:
            self._talk.spawn(self._conclude_late(handle, calls), "late tools")

    async def _play_all(self, handle: SpeechHandle, generation: GenerationCreatedEvent) -> None:
        messages = aiter(generation.message_stream)
        while not handle.interrupted:
            waiting = _next(messages)
            message = await first_of(waiting, handle.stop, grace=self._deadline)
            if message is None:
                return
            await self._play(handle, message)

    async def _play(self, handle: SpeechHandle, message: MessageGeneration) -> None:
        spoken = self._model.capabilities.audio_output and "audio" in message.modalities
        heard = await playback(self._talk, handle).play(
            message.text_stream, sound=message.audio_stream if spoken else None
        )
        if heard.interrupted and self._model.capabilities.message_truncation:
            self._remote.truncate(
                message_id=message.message_id,
                audio_end_ms=round(heard.position * 1000),
                audio_transcript=heard.text,
            )
        if heard.text.strip():
            said = ChatMessage(
                role="assistant",
                content=(heard.text,),
                id=message.message_id,
                interrupted=heard.interrupted,
            )
            self._talk.remember(said, handle)
        if heard.error is not None:
            raise heard.error

    async def _conclude(self, handle: SpeechHandle, called: tuple[Called, ...]) -> None:
        if not called:
            return
        conclude_calls(self._talk, handle, called)
        await self._tell(*(each.output for each in called))
        successor = next((each.agent for each in called if each.agent is not None), None)
        if successor is not None:
            self._talk.hand_over(successor)
        wanted = any(each.wants_reply for each in called) and not handle.interrupted
        if not wanted or self._model.capabilities.auto_tool_reply_generation:
            return
        if handle.num_steps > self._talk.options.max_tool_steps:
            logger.warning("%s called tools %d times in a row", self._agent.id, handle.num_steps)
            return
        last = successor is not None or handle.num_steps == self._talk.options.max_tool_steps
        await self.reply(handle, Wish(tool_choice="none" if last else "auto"))

    async def _conclude_late(self, handle: SpeechHandle, calls: ToolCalls) -> None:
        try:
            await calls.ended()
        except asyncio.CancelledError:
            calls.stop()
            raise
        await self._conclude(handle, calls.take_called())

    async def _tell(self, *items: ChatItem) -> None:
        known = self._remote.chat_ctx
        context = ChatContext((*known.items, *items))
        await asyncio.wait_for(self._remote.update_chat_ctx(context), self._deadline)

    def _created(self, generation: GenerationCreatedEvent) -> None:
        if generation.user_initiated or self._talk.closing:
            return
        handle = self._talk.create_speech("realtime")
        self._talk.queue.add(handle, partial(self._perform, handle, generation))

    def _user_started(self) -> None:
        floor = self._talk.floor
        if floor.state.options.detection.value == "realtime_llm":
            floor.feed(on.UserStarted(at=floor.now))

    def _user_stopped(self) -> None:
        floor = self._talk.floor
        if floor.state.options.detection.value == "realtime_llm":
            floor.feed(on.UserStopped(at=floor.now))

    def _understood(self, event: InputTranscriptionCompleted) -> None:
        self._talk.emit(
            "user_input_transcribed",
            UserInputTranscribedEvent(transcript=event.transcript, is_final=event.is_final),
        )
        if event.is_final and event.transcript.strip():
            message = ChatMessage(role="user", content=(event.transcript,), id=event.item_id)
            self._talk.remember(message)

    def _failed(self, failure: PortError) -> None:
        if failure.recoverable:
            self._talk.report(failure.error, self._model, recoverable=True)
        else:
            self._talk.count_failure(failure.error, self._model)

    def _measured(self, metrics: object) -> None:
        self._talk.failures.succeeded(self._model)
        self._talk.emit("metrics_collected", MetricsCollectedEvent(metrics=metrics))


async def _next(messages: AsyncIterator[MessageGeneration]) -> MessageGeneration | None:
    return await anext(messages, None)
