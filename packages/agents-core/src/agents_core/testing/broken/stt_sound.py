"""Defects of a speech to text in what it makes of the sound."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.stt import (
    SpeechEvent,
)
from agents_core.testing.broken.bending import changed
from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.stt import FakeSTT


@caught_by("a_flush_asks_for_what_was_said")
class OverhearsAFlush(FakeSTT):
    """Answers when the input ends, and not before."""

    def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        return super()._listen(_fed(audio, _no_flush), language=language, timeout=timeout)


@caught_by("every_sample_reaches_the_vendor")
class SendsWholeChunks(FakeSTT):
    """Sends chunks of 10 ms, and forgets the rest."""

    def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        return super()._listen(_fed(audio, _whole_chunks()), language=language, timeout=timeout)


@caught_by("a_recording_may_come_in_frames")
class HearsTheFirstFrame(FakeSTT):
    """Takes the first frame for the whole recording."""

    async def recognize(
        self,
        audio: AudioFrame | Iterable[AudioFrame],
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechEvent:
        first = audio if isinstance(audio, AudioFrame) else next(iter(audio))
        return await super().recognize(first, language=language, conn_options=conn_options)


@caught_by("other_rates_and_channels_are_understood")
class BelievesInOneRate(FakeSTT):
    """Takes all sound for sound at 16 kHz."""

    @property
    def sample_rate(self) -> None:
        return None

    async def recognize(
        self,
        audio: AudioFrame | Iterable[AudioFrame],
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechEvent:
        if isinstance(audio, AudioFrame):
            audio = AudioFrame(audio.data, 16000)
        return await super().recognize(audio, language=language, conn_options=conn_options)


@caught_by("two_at_once_do_not_mix")
class KeepsTheSoundInTheObject(FakeSTT):
    """Has one place for the recordings of all its requests."""

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> SpeechEvent:
        self._audio = audio
        await asyncio.sleep(0)
        return await super()._recognize(self._audio, language=language, timeout=timeout)


def _fed(
    audio: Inlet[AudioFrame | Flush],
    feed: Callable[[AudioFrame | Flush], AudioFrame | Flush | None],
) -> Any:  # noqa: ANN401 - passes for an inlet, as far as one is read
    async def pieces() -> AsyncGenerator[AudioFrame | Flush]:
        async for piece in audio:
            yield piece

    return changed(pieces(), feed)


def _no_flush(piece: AudioFrame | Flush) -> AudioFrame | None:
    return None if isinstance(piece, Flush) else piece


def _whole_chunks() -> Callable[[AudioFrame | Flush], AudioFrame | Flush | None]:
    rest = bytearray()

    def chunks(piece: AudioFrame | Flush) -> AudioFrame | Flush | None:
        if isinstance(piece, Flush):
            return piece
        rest.extend(piece.data)
        size = piece.sample_rate // 100 * 2
        whole = bytes(rest[: len(rest) - len(rest) % size])
        del rest[: len(whole)]
        return AudioFrame(whole, piece.sample_rate) if whole else None

    return chunks
