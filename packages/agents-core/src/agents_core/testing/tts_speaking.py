"""What a text to speech supports, and how the sentences about it have it speak."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import ClassVar

from agents_core.audio import AudioFrame
from agents_core.retry import APIConnectOptions
from agents_core.testing.dialogue import WORDS
from agents_core.testing.echoes import Hearing
from agents_core.testing.feeding import cut_text
from agents_core.testing.provider import ProviderSuite
from agents_core.testing.roads import Road
from agents_core.tts import TTS, SynthesizedAudio


class Speaking(Hearing, ProviderSuite[TTS]):
    """What is supported, and how to have it speak."""

    whole: ClassVar[bool] = True
    """Whether it says whole texts: `synthesize()`."""
    streaming: ClassVar[bool] = False
    """Whether it takes text piece by piece: `stream()`."""
    words: ClassVar[bool] = False
    """Whether it tells when each word is said."""

    def roads(self, subject: TTS) -> tuple[Road, ...]:
        whole = Road(name="synthesize()", parts=partial(self._synthesize, subject))
        stream = Road(name="stream()", parts=partial(self._stream, subject))
        return (whole,) * self.whole + (stream,) * self.streaming

    async def _frames(self, subject: TTS, road: Road) -> list[AudioFrame]:
        return [event.frame for event in await self._events(subject, road)]

    async def _events(self, subject: TTS, road: Road) -> list[SynthesizedAudio]:
        speak = self._speak_whole if road.name == "synthesize()" else self._speak_pieces
        async with aclosing(speak(subject, WORDS, self.patient)) as events:
            return [event async for event in events]

    async def _synthesize(
        self, subject: TTS, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[str]:
        async with aclosing(self._echo(self._speak_whole(subject, words, options), words)) as parts:
            async for part in parts:
                yield part

    async def _stream(
        self, subject: TTS, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[str]:
        async with aclosing(
            self._echo(self._speak_pieces(subject, words, options), words)
        ) as parts:
            async for part in parts:
                yield part

    async def _echo(
        self, events: AsyncGenerator[SynthesizedAudio], words: str
    ) -> AsyncGenerator[str]:
        frames = []
        async with aclosing(events):
            async for event in events:
                frames.append(event.frame)
                yield ""
        yield await self.understand(frames, words)

    async def _speak_whole(
        self, subject: TTS, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[SynthesizedAudio]:
        async with subject.synthesize(words, conn_options=options) as speech:
            async for event in speech:
                yield event

    async def _speak_pieces(
        self, subject: TTS, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[SynthesizedAudio]:
        async with subject.stream(conn_options=options) as speech:
            for piece in cut_text(words):
                speech.push_text(piece)
            speech.end_input()
            async for event in speech:
                yield event
