"""One answer of a fake realtime model, while it is given."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame
from agents_core.chat import ChatItem, ChatMessage, FunctionCall
from agents_core.errors import APIError
from agents_core.metrics import RealtimeModelMetrics
from agents_core.realtime import GenerationCreatedEvent, MessageGeneration
from agents_core.streams import Inlet
from agents_core.testing.fakes.vendor import When
from agents_core.testing.tones import spell, tail
from agents_core.testing.vendor import Reply

if TYPE_CHECKING:
    from agents_core.testing.fakes.realtime import FakeRealtimeModel

_ANSWERS: tuple[When, ...] = ("answering", "answered")


class Question:
    """What is to be answered, and who waits for it."""

    def __init__(
        self, *, words: str, answer: asyncio.Future[GenerationCreatedEvent] | None = None
    ) -> None:
        self.words = words
        self.asked_for = answer is not None
        self._future = answer

    @property
    def future(self) -> asyncio.Future[GenerationCreatedEvent]:
        """Where the answer is waited for."""
        if self._future is None:
            raise ValueError("nobody waits for this answer")
        return self._future

    @property
    def taken_back(self) -> bool:
        """Whether whoever asked has cancelled, or had to wait too long."""
        return self._future is not None and self._future.done()

    def fulfil(self, event: GenerationCreatedEvent) -> None:
        """Tell who waits that the answer begins."""
        if self._future is not None and not self._future.done():
            self._future.set_result(event)

    def fail(self, error: APIError) -> None:
        """Tell who waits that there is none, unless it has begun."""
        if self._future is not None and not self._future.done():
            self._future.set_exception(error)
            self._future.exception()  # who does not wait has not missed anything


class Answer:
    """Words, their sound, and calls of tools, on their way to whoever listens."""

    def __init__(self, model: FakeRealtimeModel, question: Question) -> None:
        self._model = model
        self._question = question
        number = next(model.counter)
        self._id = f"response_{number}"
        self._message_id = f"message_{number}"
        self._messages: Inlet[MessageGeneration] = Inlet(remembers=False)
        self._calls: Inlet[FunctionCall] = Inlet(remembers=False)
        self._text: Inlet[str] = Inlet(remembers=False)
        self._sound: Inlet[AudioFrame] = Inlet(remembers=False)
        self._stopped = False
        self._said: list[str] = []
        self._made: list[FunctionCall] = []
        self._times: list[float] = [time.monotonic()]

    @property
    def items(self) -> list[ChatItem]:
        """What it adds to the conversation."""
        said = "".join(self._said)
        message = ChatMessage(
            id=self._message_id, role="assistant", content=(said,), interrupted=self._stopped
        )
        return [*([message] if said else []), *self._made]

    @property
    def metrics(self) -> RealtimeModelMetrics | None:
        """What it took; None where it never began."""
        if len(self._times) == 1:
            return None
        began, first, *_ = self._times
        spent = len(self._question.words.split()) + 1
        words = len("".join(self._said).split()) + len(self._made)
        return RealtimeModelMetrics(
            label=self._model.label,
            model=self._model.model,
            provider=self._model.provider,
            request_id=self._id,
            duration=self._times[-1] - began,
            ttft=first - began,
            cancelled=self._stopped,
            input_tokens=spent,
            output_tokens=words,
            total_tokens=spent + words,
        )

    def stop(self) -> None:
        """Say no more of it."""
        self._stopped = True

    async def make(self, created: Callable[[GenerationCreatedEvent], None]) -> None:
        """Give it, part by part.

        Raises:
            APIError: as its vendor was told to fail.
        """
        if self._question.taken_back:
            return
        vendor, timeout = self._model.vendor, self._model.conn_options.timeout
        async with vendor.connect("answer", timeout=timeout, meets=_ANSWERS) as connection:
            reply = await self._reply()
            await connection.part()
            self._begin(reply, created)
            for count, word in enumerate(re.findall(r"\s*\S+\s*$|\s*\S+", reply.text)):
                if count:
                    await connection.part()
                if self._stopped:
                    return
                await self._say(word)
            if self._model.capabilities.audio_output:
                self._sound.send(tail(sample_rate=self._model.sample_rate))
            for call in self._called(reply):
                self._made.append(call)
                self._calls.send(call)
            self._times.append(time.monotonic())

    def end(self) -> None:
        """Let everyone who listens come to an end."""
        for way in (self._text, self._sound, self._messages, self._calls):
            way.close()

    async def _reply(self) -> Reply:
        if self._model.vendor.replies:
            return self._model.vendor.replies.popleft()
        line = self._model.script.answer(self._question.words)
        await asyncio.sleep(line.delay)
        if line.error is not None:
            raise line.error
        return line.reply

    def _begin(self, reply: Reply, created: Callable[[GenerationCreatedEvent], None]) -> None:
        speaks = self._model.capabilities.audio_output
        if reply.text:
            message = MessageGeneration(
                message_id=self._message_id,
                text_stream=self._text,
                audio_stream=self._sound,
                modalities=("text", "audio") if speaks else ("text",),
            )
            self._messages.send(message)
        self._messages.close()
        event = GenerationCreatedEvent(
            message_stream=self._messages,
            function_stream=self._calls,
            user_initiated=self._question.asked_for,
            response_id=self._id,
        )
        self._times.append(time.monotonic())
        created(event)
        self._question.fulfil(event)

    async def _say(self, word: str) -> None:
        self._said.append(word)
        self._text.send(word)
        if self._model.capabilities.audio_output:
            sound = spell(word, sample_rate=self._model.sample_rate)
            self._model.vendor.spoke(word, sound.data)
            self._sound.send(sound)
            await asyncio.sleep(self._model.pace * sound.duration)

    def _called(self, reply: Reply) -> Iterator[FunctionCall]:
        for count, call in enumerate(reply.calls):
            yield FunctionCall(
                call_id=f"call_{self._id}_{count}",
                name=call.name,
                arguments=json.dumps(dict(call.arguments), ensure_ascii=False),
            )
