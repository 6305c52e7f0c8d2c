"""A voice that spells in tones, so that a test can read what was said."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from itertools import accumulate

from agents_core.streams import Flush, Inlet
from agents_core.testing.fakes.vendor import Connection, FakeVendor
from agents_core.testing.tones import SECONDS_PER_BYTE, spell, tail
from agents_core.timing import TimedWord
from agents_core.tts import TTS, SegmentEnd, Spoken, TTSCapabilities, TTSPart, Words

_PIECE = 9601
"""Bytes that come together: odd on purpose, as no network cuts between samples."""


class FakeTTS(TTS):
    """Says every text in `agents_core.testing.tones`; words come with their times.

    It begins to say a word of a stream as soon as the blank after it is pushed.

    Args:
        vendor: where faults are asked for, and what was said is seen; one of its own else.
        streaming: whether it takes text piece by piece.
        aligned_transcript: whether it tells the times of words.
        sample_rate: of its sound, 8000 at least.
        num_channels: likewise.
        pace: seconds that it takes for a second of sound; 0 for all at once, 1 for real time.
        voice: a name that it tells its vendor.
    """

    def __init__(  # noqa: PLR0913 - options, each by keyword
        self,
        *,
        vendor: FakeVendor | None = None,
        streaming: bool = True,
        aligned_transcript: bool = True,
        sample_rate: int = 24000,
        num_channels: int = 1,
        pace: float = 0.0,
        voice: str = "tones",
    ) -> None:
        super().__init__(
            capabilities=TTSCapabilities(
                streaming=streaming, aligned_transcript=aligned_transcript
            ),
            sample_rate=sample_rate,
            num_channels=num_channels,
        )
        self.vendor = vendor or FakeVendor()
        self._pace = pace
        self._voice = voice

    @property
    def model(self) -> str:
        return "tones"

    @property
    def provider(self) -> str:
        return "fake"

    def update_options(self, *, voice: str) -> None:
        """Have the requests that follow use another name for the voice."""
        self._voice = voice

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        settings = {"voice": self._voice}
        async with self.vendor.connect("speak", timeout=timeout, settings=settings) as connection:
            async for part in self._say(text, 0, connection):
                yield part
            yield self._tail()

    async def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        settings = {"voice": self._voice}
        async with self.vendor.connect("stream", timeout=timeout, settings=settings) as connection:
            said, waiting = 0, ""
            async for piece in text:
                ready, waiting = _ready(waiting, piece)
                if ready:
                    async for part in self._say(ready, said, connection):
                        yield part
                    said += len(ready.encode())
                if isinstance(piece, Flush):
                    said = 0
                    yield self._tail()
                    yield SegmentEnd()

    async def _say(self, text: str, after: int, connection: Connection) -> AsyncGenerator[TTSPart]:
        sound = spell(text, sample_rate=self.sample_rate, num_channels=self.num_channels)
        self.vendor.spoke(text)
        yield Spoken(text)
        if self.capabilities.aligned_transcript:
            yield Words(_timed(text, after))
        for start in range(0, len(sound.data), _PIECE):
            await connection.part()
            piece = sound.data[start : start + _PIECE]
            self.vendor.spoke(sound=piece)
            yield piece
            await asyncio.sleep(self._pace * sound.duration * len(piece) / len(sound.data))

    def _tail(self) -> bytes:
        sound = tail(sample_rate=self.sample_rate, num_channels=self.num_channels).data
        self.vendor.spoke(sound=sound)
        return sound


def _ready(waiting: str, piece: str | Flush) -> tuple[str, str]:
    if isinstance(piece, Flush):
        return waiting, ""
    whole, blank, rest = (waiting + piece).rpartition(" ")
    return whole + blank, rest


def _timed(text: str, after: int) -> tuple[TimedWord, ...]:
    return tuple(
        TimedWord(
            text=word,
            start_time=(after + start) * SECONDS_PER_BYTE,
            end_time=(after + start + len(word.encode())) * SECONDS_PER_BYTE,
        )
        for word, start in _places(text)
    )


def _places(text: str) -> Iterator[tuple[str, int]]:
    words = text.split(" ")
    ends = accumulate(len(word.encode()) + 1 for word in words)
    for word, end in zip(words, ends, strict=True):
        if word:
            yield word, end - 1 - len(word.encode())
