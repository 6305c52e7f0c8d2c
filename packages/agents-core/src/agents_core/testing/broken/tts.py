"""Defects of a text to speech."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import FLUSH, Flush, Inlet
from agents_core.testing.broken import tts_streams
from agents_core.testing.broken.bending import changed, late
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.testing.broken.ports import PORTS
from agents_core.testing.broken.quick import QuickTTSSuite
from agents_core.testing.broken.vendors import VENDORS
from agents_core.testing.fakes.tts import FakeTTS
from agents_core.timing import TimedWord
from agents_core.tts import (
    ChunkedStream,
    TTSCapabilities,
    TTSPart,
    Words,
)


@caught_by("it_can_do_what_it_says", "words_lie_within_their_segment")
class HidesItsWords(FakeTTS):
    """Says that it tells no words."""

    @property
    def capabilities(self) -> TTSCapabilities:
        return replace(super().capabilities, aligned_transcript=False)


@caught_by(
    "an_answer_begins_before_it_is_whole",
    "a_cut_in_the_answer_is_not_papered_over",
    "leaving_an_answer_closes_the_connection_at_once",
)
class ReadsTheWholeBody(FakeTTS):
    """Waits for all sound of a whole text before it hands on the first."""

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        return late(super()._synthesize(text, timeout=timeout))


@caught_by(
    "an_answer_begins_before_it_is_whole",
    "sound_comes_before_the_text_ends",
    "a_segment_is_said_before_the_next_one_is_known",
    "closing_a_stream_ends_it",
    "leaving_an_answer_closes_the_connection_at_once",
    "a_cut_in_the_answer_is_not_papered_over",
)
class WaitsForTheWholeText(FakeTTS):
    """Streams, and asks for nothing before it knows everything."""

    def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        return late(super()._speak(text, timeout=timeout))


@caught_by("sound_comes_before_the_text_ends")
class WaitsForTheFlush(FakeTTS):
    """Streams segment by segment, however long they are."""

    def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        whole: Any = _by_segment(text)
        return super()._speak(whole, timeout=timeout)


@caught_by("every_sample_is_handed_on")
class LosesTheTail(FakeTTS):
    """Hands on what fills a frame of 20 ms, and forgets the rest."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        size, rest = self.sample_rate // 50 * 2, b""
        async for part in super()._synthesize(text, timeout=timeout):
            if isinstance(part, bytes):
                rest += part
                whole = len(rest) - len(rest) % size
                yield rest[:whole]
                rest = rest[whole:]
            else:
                yield part


@caught_by("every_sample_is_handed_on", "no_header_is_played_as_sound")
class PlaysTheHeader(FakeTTS):
    """Takes a WAV file for sound."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        header = wav_bytes(AudioFrame(b"", self.sample_rate))
        async for part in super()._synthesize(text, timeout=timeout):
            yield header + part if isinstance(part, bytes) else part
            header = b"" if isinstance(part, bytes) else header


@caught_by("odd_text_reaches_the_vendor_as_it_is")
class KnowsAsciiOnly(FakeTTS):
    """Drops the letters that it does not know."""

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        return super()._synthesize(text.encode("ascii", "ignore").decode(), timeout=timeout)


@caught_by(
    "an_answer_is_whole",
    "an_answer_begins_before_it_is_whole",
    "two_at_once_do_not_mix",
    "a_cut_before_the_answer_is_tried_again",
    "a_failure_and_then_success_give_one_answer",
    "a_limit_is_waited_out_as_long_as_the_vendor_says",
    "a_whole_text_is_one_segment",
    "all_can_be_collected",
    "odd_text_reaches_the_vendor_as_it_is",
    "words_lie_within_their_segment",
)
class ForgetsTheLastWord(FakeTTS):
    """Has the vendor say less than it was told."""

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        return super()._synthesize(text.rpartition(" ")[0], timeout=timeout)


@caught_by("two_at_once_do_not_mix")
class KeepsTheTextInTheObject(FakeTTS):
    """Has one place for the text of all its streams."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        self._text = text
        await asyncio.sleep(0)
        async for part in super()._synthesize(self._text, timeout=timeout):
            yield part


@caught_by("words_lie_within_their_segment")
class TellsMilliseconds(FakeTTS):
    """Takes milliseconds for seconds."""

    def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        return changed(super()._speak(text, timeout=timeout), _in_milliseconds)


@caught_by("a_blank_text_makes_no_request")
class SaysBlanks(FakeTTS):
    """Asks for the sound of nothing."""

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> ChunkedStream:
        return super().synthesize(text.strip() or ".", conn_options=conn_options)


async def _by_segment(text: Inlet[str | Flush]) -> AsyncGenerator[str | Flush]:
    segment = ""
    async for piece in text:
        if isinstance(piece, Flush):
            yield segment
            yield FLUSH
            segment = ""
        else:
            segment += piece


def _in_milliseconds(part: TTSPart) -> TTSPart:
    if not isinstance(part, Words):
        return part
    return Words(
        tuple(
            TimedWord(text=w.text, start_time=w.start_time * 1000, end_time=w.end_time * 1000)
            for w in part.words
        )
    )


BROKEN: tuple[type[FakeTTS], ...] = (
    HidesItsWords,
    ReadsTheWholeBody,
    WaitsForTheWholeText,
    WaitsForTheFlush,
    LosesTheTail,
    PlaysTheHeader,
    KnowsAsciiOnly,
    ForgetsTheLastWord,
    KeepsTheTextInTheObject,
    TellsMilliseconds,
    tts_streams.EndsAtAnotherRate,
    SaysBlanks,
    tts_streams.StreamsBlanks,
    tts_streams.NamesEveryFrame,
    tts_streams.CollectsTheFirstFrame,
    tts_streams.EndsWithEveryFrame,
    tts_streams.FlushesNothing,
    tts_streams.ClosesAStreamOnce,
)


DEFECTS: tuple[Defect, ...] = (
    *defects(QuickTTSSuite, VENDORS, made_with="behind"),
    *defects(QuickTTSSuite, PORTS, made_with="kind", fake=FakeTTS),
    *defects(QuickTTSSuite, BROKEN, made_with="kind"),
)
