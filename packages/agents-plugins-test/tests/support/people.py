"""Vendors on no network: a voice that speaks as espeak-ng does, and an ear that knows it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from agents_core.audio import AudioFrame
from agents_core.errors import APIStatusError
from agents_core.http import required_key
from agents_core.streams import Flush, Inlet
from agents_core.stt import STT, SpeechData, SpeechEvent, SpeechEventType, STTCapabilities
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.tts import TTS, RequestId, SegmentEnd, Spoken, TTSCapabilities, TTSPart
from agents_plugins_test.audio import loudness
from agents_plugins_test.network.mouth import speak

KEY = "PERSON_API_KEY"
RIGHT = "right-71c0-key"

_KNOWN = (WORDS, OTHER_WORDS, "And a third.")
_RATE = 16_000
_WINDOW = 2 * _RATE // 50
_QUIET = 0.01
_PAUSE = 20
"""Windows of silence after which somebody is done."""


class Person(TTS):
    """Says every sentence as soon as it is whole."""

    def __init__(self) -> None:
        super().__init__(capabilities=TTSCapabilities(streaming=True), sample_rate=24_000)
        self.key = required_key(None, variable=KEY, provider="Person")

    @property
    def model(self) -> str:
        return "espeak"

    @property
    def provider(self) -> str:
        return "Person"

    def say(self, text: str) -> bytes:
        return speak(text, sample_rate=self.sample_rate).data

    def check(self) -> None:
        if self.key != RIGHT:
            raise APIStatusError("who are you?", status_code=401)

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        self.check()
        yield RequestId("1")
        yield self.say(text)

    async def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        self.check()
        waiting = ""
        async for piece in text:
            waiting += "" if isinstance(piece, Flush) else piece
            *ready, waiting = re.split(r"(?<=\.) ?", waiting)
            for sentence in filter(str.strip, ready):
                yield Spoken(sentence)
                yield self.say(sentence)
            if isinstance(piece, Flush):
                yield SegmentEnd()


class Ear(STT):
    """Takes what it hears for the one of a few sentences that sounds most like it."""

    def __init__(self) -> None:
        super().__init__(
            capabilities=STTCapabilities(streaming=True, interim_results=False), sample_rate=_RATE
        )
        self.key = required_key(None, variable=KEY, provider="Person")

    @property
    def model(self) -> str:
        return "memory"

    @property
    def provider(self) -> str:
        return "Person"

    def write(self, text: str) -> str:
        """What it writes down; services spell as they like."""
        return text.lower().replace("six", "6").rstrip(".")

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> SpeechEvent:
        self._check()
        return self._final(_envelope(audio.data))

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        self._check()
        heard = b""
        async for piece in audio:
            heard += b"" if isinstance(piece, Flush) else piece.data
            envelope = _envelope(heard)
            if envelope and (isinstance(piece, Flush) or _is_done(heard)):
                heard = b""
                yield self._final(envelope)
        if envelope := _envelope(heard):
            yield self._final(envelope)

    def _check(self) -> None:
        if self.key != RIGHT:
            raise APIStatusError("who are you?", status_code=401)

    def _final(self, envelope: Sequence[float]) -> SpeechEvent:
        text = min(_KNOWN, key=lambda known: _distance(_known(known), envelope))
        data = SpeechData(text=self.write(text), language="en")
        return SpeechEvent(type=SpeechEventType.FINAL_TRANSCRIPT, alternatives=(data,))


def _known(text: str) -> list[float]:
    return _envelope(speak(text, sample_rate=_RATE).data)


def _loudness_of_windows(sound: bytes) -> list[float]:
    return [loudness(sound[at : at + _WINDOW]) for at in range(0, len(sound), _WINDOW)]


def _envelope(sound: bytes) -> list[float]:
    """How loud each window is, from the first that is loud to the last."""
    windows = _loudness_of_windows(sound)
    loud = [at for at, each in enumerate(windows) if each > _QUIET]
    return windows[loud[0] : loud[-1] + 1] if loud else []


def _is_done(sound: bytes) -> bool:
    tail = sound[-_PAUSE * _WINDOW :]
    return len(tail) == _PAUSE * _WINDOW and max(_loudness_of_windows(tail)) <= _QUIET


def _distance(left: Sequence[float], right: Sequence[float]) -> float:
    length = max(len(left), len(right))
    padded = [[*each, *[0.0] * (length - len(each))] for each in (left, right)]
    return sum((a - b) ** 2 for a, b in zip(*padded, strict=True))
