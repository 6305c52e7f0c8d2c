"""Defects of a speech to text."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

from agents_core.audio import AudioFrame
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.stt import (
    SpeechData,
    SpeechEvent,
    SpeechEventType,
    SpeechStream,
    STTCapabilities,
)
from agents_core.testing.broken import stt_sound, stt_times
from agents_core.testing.broken.bending import bend, closing_once
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.testing.broken.ports import PORTS
from agents_core.testing.broken.quick import QuickSTTSuite
from agents_core.testing.broken.stt_times import best, said
from agents_core.testing.broken.vendors import COMMON
from agents_core.testing.fakes.stt import FakeSTT

START = SpeechEventType.START_OF_SPEECH
INTERIM = SpeechEventType.INTERIM_TRANSCRIPT
FINAL = SpeechEventType.FINAL_TRANSCRIPT
END = SpeechEventType.END_OF_SPEECH
USAGE = SpeechEventType.RECOGNITION_USAGE


@caught_by("it_can_do_what_it_says")
class HidesItsWords(FakeSTT):
    """Says that it tells times of chunks only."""

    @property
    def capabilities(self) -> STTCapabilities:
        return replace(super().capabilities, aligned_transcript="chunk")


@caught_by("events_keep_their_order")
class StartsAgainAndAgain(FakeSTT):
    """Says at every transcript that somebody began to speak."""

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        async for event in super()._listen(audio, language=language, timeout=timeout):
            if event.type == FINAL:
                yield SpeechEvent(type=START)
            yield event


@caught_by("each_utterance_has_its_transcript")
class RepeatsItself(FakeSTT):
    """Tells the first transcript again where there is a second one."""

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        first: tuple[str, ...] = ()
        async for event in super()._listen(audio, language=language, timeout=timeout):
            if event.type == FINAL:
                first = first or tuple(event.text.split())
                yield _repeated(event, first)
            else:
                yield event


@caught_by("interim_results_come_while_somebody_speaks")
class TellsInterimResultsTooLate(FakeSTT):
    """Keeps interim results until there is a final one."""

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        kept: list[SpeechEvent] = []
        async for event in super()._listen(audio, language=language, timeout=timeout):
            if event.type == INTERIM:
                kept.append(event)
                continue
            while kept:
                yield kept.pop(0)
            yield event


@caught_by("no_interim_results_come_where_none_are_wanted")
class TellsInterimResultsAnyway(FakeSTT):
    """Does not listen to who wants none."""

    def _wanted(self, events: Iterator[SpeechEvent]) -> Iterator[SpeechEvent]:
        return events


@caught_by("silence_says_nothing")
class HearsThingsInSilence(FakeSTT):
    """Understands something where nobody speaks."""

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        silent = True
        async for event in super()._listen(audio, language=language, timeout=timeout):
            silent = silent and event.type == USAGE
            if silent and event.usage is not None and event.usage.audio_duration > 0:
                yield SpeechEvent(type=FINAL, alternatives=(SpeechData(text="Thank you."),))
            yield event


@caught_by(
    "an_answer_is_whole",
    "two_at_once_do_not_mix",
    "a_cut_before_the_answer_is_tried_again",
    "a_cut_in_the_answer_is_not_papered_over",
    "a_failure_and_then_success_give_one_answer",
    "a_limit_is_waited_out_as_long_as_the_vendor_says",
    "a_recording_may_come_in_frames",
    "other_rates_and_channels_are_understood",
)
class ForgetsTheLastWord(FakeSTT):
    """Understands less than was said."""

    def _understand(self, audio: AudioFrame) -> str:
        return super()._understand(audio).rpartition(" ")[0]


@caught_by("closing_a_stream_ends_it")
class ClosesAStreamOnce(FakeSTT):
    """Has streams that cannot be closed twice."""

    def stream(
        self,
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechStream:
        return closing_once(super().stream(language=language, conn_options=conn_options))


@caught_by("a_stream_without_sound_just_ends")
class EndsOnce(FakeSTT):
    """Has streams whose input cannot be ended twice."""

    def stream(
        self,
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechStream:
        stream = super().stream(language=language, conn_options=conn_options)
        ends = [stream.end_input]
        return bend(stream, end_input=lambda _self: ends.pop()())


def _repeated(event: SpeechEvent, first: tuple[str, ...]) -> SpeechEvent:
    pairs = zip(best(event).words, first, strict=False)
    words = tuple(replace(word, text=text) for word, text in pairs)
    return said(event, text=" ".join(word.text for word in words), words=words)


BROKEN: tuple[type[FakeSTT], ...] = (
    HidesItsWords,
    StartsAgainAndAgain,
    RepeatsItself,
    stt_times.TellsPercent,
    TellsInterimResultsTooLate,
    TellsInterimResultsAnyway,
    stt_sound.OverhearsAFlush,
    stt_sound.SendsWholeChunks,
    stt_sound.HearsTheFirstFrame,
    stt_sound.BelievesInOneRate,
    HearsThingsInSilence,
    stt_times.CountsFromTheUtterance,
    stt_times.TellsMilliseconds,
    stt_times.HasItsOwnClock,
    stt_times.CountsWordsFromTheUtterance,
    stt_times.OverhearsTheLanguage,
    stt_times.CountsHalf,
    stt_sound.KeepsTheSoundInTheObject,
    ForgetsTheLastWord,
    ClosesAStreamOnce,
    EndsOnce,
)
DEFECTS: tuple[Defect, ...] = (
    *defects(QuickSTTSuite, COMMON, made_with="behind"),
    *defects(QuickSTTSuite, PORTS, made_with="kind", fake=FakeSTT),
    *defects(QuickSTTSuite, BROKEN, made_with="kind"),
)
