"""Defects of a speech to text in what it tells beside the text."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.stt import (
    SpeechData,
    SpeechEvent,
    SpeechEventType,
    SpeechStream,
)
from agents_core.testing.broken.bending import bend, changed
from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.stt import FakeSTT

USAGE = SpeechEventType.RECOGNITION_USAGE


class BentSTT(FakeSTT):
    """Bends what it hears while it listens."""

    def bent(self, event: SpeechEvent) -> SpeechEvent | None:
        return event

    def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        return changed(super()._listen(audio, language=language, timeout=timeout), self.bent)


@caught_by("transcripts_say_something_with_some_confidence")
class TellsPercent(BentSTT):
    """Takes percent for parts of one."""

    def bent(self, event: SpeechEvent) -> SpeechEvent:
        return said(event, confidence=99.0) if event.alternatives else event


@caught_by("transcripts_lie_where_they_were_said")
class CountsFromTheUtterance(BentSTT):
    """Tells times since somebody began to speak."""

    def bent(self, event: SpeechEvent) -> SpeechEvent:
        return event.shifted(-best(event).start_time) if event.alternatives else event


@caught_by("transcripts_lie_where_they_were_said", "words_lie_within_their_utterance")
class TellsMilliseconds(BentSTT):
    """Takes milliseconds for seconds, but for the words."""

    def bent(self, event: SpeechEvent) -> SpeechEvent:
        if not event.alternatives:
            return event
        data = best(event)
        return said(event, start_time=data.start_time * 1000, end_time=data.end_time * 1000)


@caught_by("times_follow_the_clock_of_the_user")
class HasItsOwnClock(FakeSTT):
    """Does not look at `start_time_offset`."""

    def stream(
        self,
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechStream:
        stream = super().stream(language=language, conn_options=conn_options)
        return bend(stream, start_time_offset=0.0)


@caught_by("words_lie_within_their_utterance")
class CountsWordsFromTheUtterance(BentSTT):
    """Tells times of words since somebody began to speak."""

    def bent(self, event: SpeechEvent) -> SpeechEvent:
        if not event.alternatives:
            return event
        start = best(event).start_time
        return said(event, words=tuple(word.shifted(-start) for word in best(event).words))


@caught_by("the_language_is_asked_for")
class OverhearsTheLanguage(FakeSTT):
    """Asks for the language that it was made with, always."""

    def _listen(
        self,
        audio: Inlet[AudioFrame | Flush],
        *,
        language: str | None,  # noqa: ARG002 - the defect
        timeout: float,
    ) -> AsyncGenerator[SpeechEvent]:
        return super()._listen(audio, language=None, timeout=timeout)


@caught_by("usage_counts_all_sound")
class CountsHalf(BentSTT):
    """Tells no usage."""

    def bent(self, event: SpeechEvent) -> SpeechEvent | None:
        return None if event.type == USAGE else event


def best(event: SpeechEvent) -> SpeechData:
    """What it says, as far as anybody knows."""
    return event.alternatives[0]


def said(event: SpeechEvent, **facts: Any) -> SpeechEvent:  # noqa: ANN401 - any field of SpeechData
    """The same event, with other facts."""
    return replace(event, alternatives=(replace(best(event), **facts),))
