"""What a speech to text supports, and how the sentences about it listen."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import ClassVar

from agents_core.audio import AudioFrame, combine, silence
from agents_core.retry import APIConnectOptions
from agents_core.stt import STT, SpeechEvent, SpeechEventType, SpeechStream
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.testing.echoes import Spelling
from agents_core.testing.feeding import cut_sound
from agents_core.testing.provider import ProviderSuite
from agents_core.testing.roads import Road
from agents_core.testing.tones import speak
from agents_core.testing.vendor import HookMissing, Vendor

FINAL = SpeechEventType.FINAL_TRANSCRIPT


class Listening(Spelling, ProviderSuite[STT]):
    """What is supported, and how to listen."""

    whole: ClassVar[bool] = True
    """Whether it hears whole recordings: `recognize()`."""
    streaming: ClassVar[bool] = False
    """Whether it listens while somebody speaks: `stream()`."""
    interim: ClassVar[bool] = False
    """Whether it tells what it has understood so far."""
    speech_events: ClassVar[bool] = False
    """Whether it tells when speech begins and ends."""
    times: ClassVar[bool] = False
    """Whether transcripts have a start and an end."""
    words: ClassVar[bool] = False
    """Whether it tells when each word was said."""
    usage: ClassVar[bool] = False
    """Whether a stream tells how much was recognised."""
    flushes: ClassVar[bool] = True
    """Whether the vendor can be asked to answer before the input ends."""
    formats: ClassVar[tuple[tuple[int, int], ...]] = ((8000, 1), (48000, 2))
    """Rates and channels of sound, beside those of the vendor, that have to be understood."""
    pause: ClassVar[float] = 0.3
    """Seconds of silence around what is said, after which it has to be taken for done."""
    pace: ClassVar[float] = 0.0
    """Seconds in which a second of sound is pushed: 1 is how people talk."""

    def say(self, text: str, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
        """The sound of `text`; override it where the vendor understands people only."""
        return speak(text, sample_rate=sample_rate, num_channels=num_channels)

    def create_without_interim(self, vendor: Vendor) -> STT:
        """The object under test, told to give no interim results, where it has that option."""
        raise HookMissing(f"there is no create_without_interim() for {vendor!r}")

    def roads(self, subject: STT) -> tuple[Road, ...]:
        whole = Road(name="recognize()", parts=partial(self._recognize, subject), piecewise=False)
        # What is not final is not for good: after a cut it is heard once more.
        stream = Road(name="stream()", parts=partial(self._stream, subject), piecewise=False)
        return (whole,) * self.whole + (stream,) * self.streaming

    def _rate(self, subject: STT) -> int:
        return subject.sample_rate or 16000

    def _words(self, subject: STT) -> AudioFrame:
        return self.say(WORDS, sample_rate=self._rate(subject))

    def _two(self, subject: STT) -> AudioFrame:
        rate = self._rate(subject)
        quiet = silence(self.pause, sample_rate=rate)
        words = self.say(WORDS, sample_rate=rate)
        other = self.say(OTHER_WORDS, sample_rate=rate)
        return combine([quiet, words, quiet, other, quiet])

    async def _hear(
        self, subject: STT, sound: AudioFrame, *, samples: int = 800
    ) -> list[SpeechEvent]:
        async with subject.stream(conn_options=self.patient) as stream:
            await self._push(stream, sound, samples=samples)
            return [event async for event in stream]

    async def _push(self, stream: SpeechStream, sound: AudioFrame, *, samples: int = 800) -> None:
        for frame in cut_sound(sound, samples=samples):
            stream.push_frame(frame)
            await asyncio.sleep(self.pace * frame.duration)
        stream.end_input()

    async def _wait_for(self, stream: SpeechStream, kind: SpeechEventType) -> SpeechEvent:
        try:
            async with asyncio.timeout(self.patience):
                async for event in stream:
                    if event.type == kind:
                        return event
        except TimeoutError:
            pass
        raise AssertionError(f"no {kind} within {self.patience} s")

    async def _recognize(
        self, subject: STT, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[str]:
        sound = self.say(words, sample_rate=self._rate(subject))
        event = await subject.recognize(sound, conn_options=options)
        yield self.spelled(event.text, words)

    async def _stream(
        self, subject: STT, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[str]:
        async with subject.stream(conn_options=options) as stream:
            await self._push(stream, self.say(words, sample_rate=self._rate(subject)))
            yield self.spelled(said_in([event async for event in stream]), words)


def said_in(events: Sequence[SpeechEvent]) -> str:
    """All final transcripts of `events`, one after the other."""
    return " ".join(event.text for event in events if event.type == FINAL)
