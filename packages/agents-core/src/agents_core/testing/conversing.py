"""A conversation with a realtime model, as the sentences about it need it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from agents_core.audio import AudioFrame, silence
from agents_core.chat import FunctionCall
from agents_core.realtime import GenerationCreatedEvent, RealtimeModel, RealtimeSession
from agents_core.testing.echoes import Hearing
from agents_core.testing.feeding import cut_sound
from agents_core.testing.suite import Suite
from agents_core.testing.tones import speak

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All of one answer."""

    text: str
    sound: tuple[AudioFrame, ...]
    calls: tuple[FunctionCall, ...]
    message_ids: tuple[str, ...]


class Conversing(Hearing, Suite[RealtimeModel]):
    """What is supported, and how to talk."""

    turn_detection: ClassVar[bool] = True
    """Whether it decides by itself when the user is done."""
    user_transcription: ClassVar[bool] = True
    """Whether it tells what the user said."""
    message_truncation: ClassVar[bool] = True
    """Whether it can be told how much of its message was heard."""
    auto_tool_reply_generation: ClassVar[bool] = False
    """Whether it answers by itself once a tool has."""
    audio_output: ClassVar[bool] = True
    """Whether it speaks."""
    tools: ClassVar[bool] = True
    """Whether it calls tools."""
    sample_rate: ClassVar[int] = 24000
    """At which sound is pushed: the one that the vendor wants, so that nothing is resampled."""
    pace: ClassVar[float] = 0.0
    """Seconds in which a second of sound is pushed: 1 is how people talk."""
    longest_block: ClassVar[float] = 0.5
    """Seconds for which a machine under load may hold up an event loop by itself."""

    def say(self, text: str) -> AudioFrame:
        """The sound of `text`; override it where the vendor understands people only."""
        return speak(text, sample_rate=self.sample_rate)

    async def speak(self, session: RealtimeSession, text: str) -> None:
        """Let `session` hear `text`, and silence after it."""
        for sound in (self.say(text), silence(1.0, sample_rate=self.sample_rate)):
            for frame in cut_sound(sound, samples=self.sample_rate // 20):
                session.push_audio(frame)
                await asyncio.sleep(self.pace * frame.duration)

    async def ask(self, session: RealtimeSession, words: str) -> Told:
        """The whole answer to who asked for an echo of `words`."""
        event = await self.soon(session.generate_reply(instructions=echo(words)), "an answer")
        return await self.soon(said_in(event), "the end of the answer")

    async def soon(self, work: Awaitable[T], what: str) -> T:
        """What `work` brings, which has to come without anything more being done.

        Raises:
            AssertionError: it does not.
        """
        try:
            async with asyncio.timeout(self.patience):
                return await work
        except TimeoutError:
            raise AssertionError(f"{what} did not come within {self.patience} s") from None


def echo(words: str) -> str:
    """Instructions to say just this."""
    return f"Repeat exactly, and nothing else: {words}"


async def said_in(event: GenerationCreatedEvent) -> Told:
    """All that comes of an answer, once it has all come."""
    text: list[str] = []
    sound: list[AudioFrame] = []
    calls: list[FunctionCall] = []
    ids: list[str] = []

    async def messages() -> None:
        async for message in event.message_stream:
            ids.append(message.message_id)
            texts, sounds = message.text_stream, message.audio_stream
            await asyncio.gather(_collect(texts, text), _collect(sounds, sound))

    await asyncio.gather(messages(), _collect(event.function_stream, calls))
    return Told(text="".join(text), sound=tuple(sound), calls=tuple(calls), message_ids=tuple(ids))


async def _collect(values: AsyncIterator[T], into: list[T]) -> None:
    into += [value async for value in values]
