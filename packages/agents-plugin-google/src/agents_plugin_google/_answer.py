"""One answer in a conversation, on its way to whoever listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.chat import ChatItem, ChatMessage, FunctionCall
from agents_core.chat.items import new_id
from agents_core.errors import APIError
from agents_core.metrics import RealtimeModelMetrics
from agents_core.realtime import GenerationCreatedEvent, MessageGeneration, RealtimeModel
from agents_core.streams import Inlet
from agents_plugin_google import models


class Question:
    """Asked for with `generate_reply`, and waited for."""

    def __init__(self, instructions: str | None) -> None:
        self.instructions = instructions
        self.future: asyncio.Future[GenerationCreatedEvent] = (
            asyncio.get_running_loop().create_future()
        )

    @property
    def taken_back(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self.future.done()

    def fulfil(self, event: GenerationCreatedEvent) -> None:
        """Tell who waits that the answer begins."""
        if not self.future.done():
            self.future.set_result(event)

    def fail(self, error: APIError) -> None:
        """Tell who waits that there is none, unless it has begun."""
        if not self.future.done():
            self.future.set_exception(error)
            self.future.exception()  # who does not wait has not missed anything


class Answer:
    """Its streams, and what it adds to the conversation."""

    def __init__(self, *, speaks: bool, asked_at: float | None) -> None:
        """Begin.

        Args:
            speaks: whether there is sound.
            asked_at: when it was asked for, by the monotonic clock; None where it was not.
        """
        self.id = new_id("answer_")
        self.interrupted = False
        self._message_id = new_id("message_")
        self._speaks = speaks
        self._began = time.monotonic()
        self._asked = self._began if asked_at is None else asked_at
        self._ended: float | None = None
        self._messages: Inlet[MessageGeneration] = Inlet(remembers=False)
        self._calls: Inlet[FunctionCall] = Inlet(remembers=False)
        self._text: Inlet[str] = Inlet(remembers=False)
        self._sound: Inlet[AudioFrame] = Inlet(remembers=False)
        self._half = b""
        self._said: list[str] = []
        self._made: list[FunctionCall] = []
        self._announced = False

    @property
    def items(self) -> list[ChatItem]:
        """What was said and called."""
        said = "".join(self._said)
        message = ChatMessage(
            id=self._message_id, role="assistant", content=(said,), interrupted=self.interrupted
        )
        return [*([message] if said else []), *self._made]

    @property
    def ttft(self) -> float:
        """Seconds until it began."""
        return self._began - self._asked

    @property
    def duration(self) -> float:
        """Seconds until it ended, or until now."""
        return (self._ended or time.monotonic()) - self._asked

    def event(self, *, asked: bool) -> GenerationCreatedEvent:
        """What tells of it."""
        return GenerationCreatedEvent(
            message_stream=self._messages,
            function_stream=self._calls,
            user_initiated=asked,
            response_id=self.id,
        )

    def say(self, text: str, sound: bytes) -> None:
        """Hand on a piece; a sample may be cut in two, its halves in two pieces."""
        self._announce()
        if text:
            self._said.append(text)
            self._text.send(text)
        whole = self._half + sound
        size = len(whole) - len(whole) % 2
        self._half = whole[size:]
        if size:
            self._sound.send(AudioFrame(whole[:size], models.REALTIME_OUTPUT_SAMPLE_RATE))

    def call(self, call: FunctionCall) -> None:
        """Hand on a call."""
        self._made.append(call)
        self._calls.send(call)

    def end(self, *, interrupted: bool) -> None:
        """Let everyone who listens come to an end."""
        self.interrupted = interrupted
        self._ended = time.monotonic()
        for way in (self._text, self._sound, self._messages, self._calls):
            way.close()

    def _announce(self) -> None:
        if self._announced:
            return
        self._announced = True
        message = MessageGeneration(
            message_id=self._message_id,
            text_stream=self._text,
            audio_stream=self._sound,
            modalities=("text", "audio") if self._speaks else ("text",),
        )
        self._messages.send(message)


def measure(
    answer: Answer | None, usage: Mapping[str, Any], *, model: RealtimeModel
) -> RealtimeModelMetrics:
    """What was used up, and by which answer, where there was one."""
    return RealtimeModelMetrics(
        label=model.label,
        model=model.model,
        provider=model.provider,
        request_id=answer.id if answer is not None else "",
        duration=answer.duration if answer is not None else 0.0,
        ttft=answer.ttft if answer is not None else None,
        cancelled=answer is not None and answer.interrupted,
        **usage,
    )
