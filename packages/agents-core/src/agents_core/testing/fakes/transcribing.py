"""What a fake recogniser understands: tones that are spelled, or what a script says it does."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from agents_core.audio import AudioFrame
from agents_core.stt import SpeechData, SpeechEvent, SpeechEventType
from agents_core.testing.tones import SECONDS_PER_BYTE, Heard, ToneReader
from agents_core.timing import TimedWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that is understood, whatever the sound is."""

    text: str
    after: float | None = None
    """Seconds of sound after which it is understood; None for the next flush, or the end."""
    interim: tuple[str, ...] = ()
    """What is understood just before it."""


class Transcriber(Protocol):
    """Events from sound, one connection long."""

    def hear(self, frame: AudioFrame) -> Iterator[SpeechEvent]:
        """What is understood with one more frame."""

    def flush(self) -> Iterator[SpeechEvent]:
        """What is understood where nothing follows."""


class TonesTranscriber:
    """Writes down what is spelled in tones; each word is an interim result as it ends."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._reader: ToneReader | None = None
        self._told = ""
        self._began = False

    def hear(self, frame: AudioFrame) -> Iterator[SpeechEvent]:
        self._reader = self._reader or ToneReader(frame.sample_rate)
        self._reader.push(frame)
        yield from self._ended(self._reader.take())
        yield from self._growing(self._reader)

    def flush(self) -> Iterator[SpeechEvent]:
        if self._reader is not None:
            yield from self._ended(self._reader.end())

    def _growing(self, reader: ToneReader) -> Iterator[SpeechEvent]:
        words = reader.text.rpartition(" ")[0]
        if reader.text:
            yield from self._begin()
        if words != self._told and reader.start_time is not None:
            self._told = words
            end = reader.start_time + len(words.encode()) * SECONDS_PER_BYTE
            heard = Heard(text=words, start_time=reader.start_time, end_time=end)
            yield _transcript(SpeechEventType.INTERIM_TRANSCRIPT, heard, self._language)

    def _ended(self, heard: Sequence[Heard]) -> Iterator[SpeechEvent]:
        for each in heard:
            yield from self._begin()
            yield _transcript(SpeechEventType.FINAL_TRANSCRIPT, each, self._language)
            yield SpeechEvent(type=SpeechEventType.END_OF_SPEECH)
            self._told, self._began = "", False

    def _begin(self) -> Iterator[SpeechEvent]:
        if not self._began:
            self._began = True
            yield SpeechEvent(type=SpeechEventType.START_OF_SPEECH)


class ScriptTranscriber:
    """Understands one line of a script after the other."""

    def __init__(self, script: Iterator[Said], language: str) -> None:
        self._script = script
        self._language = language
        self._next = next(script, None)
        self._seconds = 0.0
        self._since = 0.0

    def hear(self, frame: AudioFrame) -> Iterator[SpeechEvent]:
        self._seconds += frame.duration
        while self._next is not None and self._next.after is not None:
            if self._next.after > self._seconds:
                return
            yield from self._say(self._next)

    def flush(self) -> Iterator[SpeechEvent]:
        if self._next is not None and self._next.after is None:
            yield from self._say(self._next)

    def _say(self, said: Said) -> Iterator[SpeechEvent]:
        yield SpeechEvent(type=SpeechEventType.START_OF_SPEECH)
        for text in said.interim:
            yield self._transcript(SpeechEventType.INTERIM_TRANSCRIPT, text)
        yield self._transcript(SpeechEventType.FINAL_TRANSCRIPT, said.text)
        yield SpeechEvent(type=SpeechEventType.END_OF_SPEECH)
        self._since = self._seconds
        self._next = next(self._script, None)

    def _transcript(self, kind: SpeechEventType, text: str) -> SpeechEvent:
        data = SpeechData(
            text=text,
            language=self._language,
            start_time=self._since,
            end_time=self._seconds,
        )
        return SpeechEvent(type=kind, alternatives=(data,))


def _transcript(kind: SpeechEventType, heard: Heard, language: str) -> SpeechEvent:
    data = SpeechData(
        text=heard.text,
        language=language,
        start_time=heard.start_time,
        end_time=heard.end_time,
        words=tuple(_words(heard)),
    )
    return SpeechEvent(type=kind, alternatives=(data,))


def _words(heard: Heard) -> Iterator[TimedWord]:
    start = heard.start_time
    for word in heard.text.split(" "):
        end = start + len(word.encode()) * SECONDS_PER_BYTE
        if word:
            yield TimedWord(text=word, start_time=start, end_time=end, confidence=1.0)
        start = end + SECONDS_PER_BYTE
