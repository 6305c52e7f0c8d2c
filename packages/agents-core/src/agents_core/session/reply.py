"""A reply: ask the model, speak, run the tools it called, and ask again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext, ChatMessage
from agents_core.session.events import FunctionToolsExecutedEvent
from agents_core.session.flows import cancel_and_wait, first_of, text_of
from agents_core.session.inference import Inference
from agents_core.session.playback import Heard, Playback
from agents_core.session.prompt import Wish, ask, without_tools
from agents_core.session.speech import SpeechHandle
from agents_core.session.tool_calls import Called, ToolCalls
from agents_core.turns import events as on

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation

logger = logging.getLogger("agents_core.session.reply")


async def say(
    talk: Conversation,
    handle: SpeechHandle,
    text: str | AsyncIterable[str],
    *,
    sound: AsyncIterable[AudioFrame] | None,
    remembered: bool,
) -> None:
    """Say a given text, with its sound where that is given too."""
    if handle.interrupted:
        return
    heard = await playback(talk, handle).play(text_of(text), sound=sound)
    if remembered:
        remember_heard(talk, handle, heard)
    if heard.error is not None:
        raise heard.error


async def generate(
    talk: Conversation, handle: SpeechHandle, wish: Wish, said: ChatMessage | None
) -> None:
    """Reply to the conversation so far, and to `said` where that is given."""
    link = talk.shift.link
    if link is not None:
        await link.reply(handle, wish, said)
        return
    if said is not None:
        talk.remember(said, handle)
    if not handle.interrupted:
        await Reply(talk, handle, wish).run()


def playback(talk: Conversation, handle: SpeechHandle) -> Playback:
    """How one stretch of `handle` is played now."""
    return Playback(
        handle,
        agent=talk.current_agent,
        floor=talk.floor,
        output=talk.output,
        deadlines=talk.options.deadlines,
    )


def remember_heard(talk: Conversation, handle: SpeechHandle, heard: Heard) -> None:
    """Write down what reached the user, and nothing where nothing did."""
    if heard.text.strip():
        talk.remember(
            ChatMessage(role="assistant", content=(heard.text,), interrupted=heard.interrupted),
            handle,
        )


class Reply:
    """One reply of the agent that leads the session, over all its steps."""

    def __init__(self, talk: Conversation, handle: SpeechHandle, wish: Wish) -> None:
        self._talk = talk
        self._handle = handle
        self._wish = wish
        self._agent = talk.current_agent
        self._grace = talk.options.deadlines.io

    async def run(
        self, chat_ctx: ChatContext | None = None, *, prepared: Inference | None = None
    ) -> None:
        """Say it; returns when it was said, or was stopped.

        Args:
            chat_ctx: what the first step knows, where that is not what the agent knows.
            prepared: the answer to the first step, where it was asked for already.

        Raises:
            Exception: whatever a model or a node failed with; what was heard is written down.
        """
        context = self._agent.knowledge if chat_ctx is None else chat_ctx
        last = self._talk.options.max_tool_steps == 0
        inference = prepared or self._ask(context, last=last)
        while True:
            self._handle.num_steps += 1
            called = await self._step(inference)
            go_on = self._conclude(called)
            if not go_on or self._handle.interrupted:
                return
            self._wish = Wish(instructions=self._wish.instructions)
            inference = self._ask(self._agent.knowledge, last=go_on == "last")

    def _ask(self, context: ChatContext, *, last: bool = False) -> Inference:
        question = ask(self._agent, context, self._wish)
        return Inference(self._agent, without_tools(question) if last else question)

    async def _step(self, inference: Inference) -> tuple[Called, ...]:
        calls = ToolCalls(self._talk, self._handle, inference.question.tools)
        taking = asyncio.create_task(calls.take(inference.calls), name="tool calls")
        try:
            heard = await playback(self._talk, self._handle).play(inference.text)
            remember_heard(self._talk, self._handle, heard)
            if heard.error is not None:
                raise heard.error
            if not self._handle.interrupted:
                await inference.finished()
                await taking
                if calls.any:
                    think_on(self._talk, self._handle)
                await first_of(calls.ended(), self._handle.stop, grace=self._grace)
            return () if self._handle.interrupted else calls.take_called()
        finally:
            await cancel_and_wait(taking, within=self._grace)
            await inference.aclose(within=self._grace)
            if calls.any:
                self._talk.spawn(self._conclude_late(calls), "late tools")

    async def _conclude_late(self, calls: ToolCalls) -> None:
        # What a tool has begun is done, whoever speaks meanwhile; the model is to know of it.
        try:
            await calls.ended()
        except asyncio.CancelledError:
            calls.stop()
            raise
        self._conclude(calls.take_called())

    def _conclude(self, called: tuple[Called, ...]) -> str | None:
        """Write down what tools did; how to go on: not at all, freely, or with a last word."""
        if not called:
            return None
        conclude_calls(self._talk, self._handle, called)
        successor = next((each.agent for each in called if each.agent is not None), None)
        if successor is not None:
            self._talk.hand_over(successor)
        if not any(each.wants_reply for each in called):
            return None
        steps = self._talk.options.max_tool_steps
        if successor is None and self._handle.num_steps < steps:
            return "freely"
        if successor is None and self._handle.num_steps > steps:
            logger.warning("%s called tools although it was told not to", self._agent.id)
            return None
        return "last"


def think_on(talk: Conversation, handle: SpeechHandle) -> None:
    """Say that the speech is heard no more, and is not over: it waits for its tools."""
    talk.floor.feed(on.PlaybackFinished(at=talk.floor.now, speech=handle.id))


def conclude_calls(talk: Conversation, handle: SpeechHandle, called: tuple[Called, ...]) -> None:
    """Write down calls and what they answered, and tell the application."""
    for each in called:
        talk.remember(each.call, handle)
        talk.remember(each.output, handle)
    talk.emit(
        "function_tools_executed",
        FunctionToolsExecutedEvent(
            function_calls=tuple(each.call for each in called),
            function_call_outputs=tuple(each.output for each in called),
        ),
    )
