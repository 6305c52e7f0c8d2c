"""How the parts of a text-to-speech service become speech."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from agents_core.audio import AudioFrame, FrameCutter
from agents_core.errors import APIError
from agents_core.metrics import TTSMetrics
from agents_core.streams import Port, Reading
from agents_core.timing import TimedWord
from agents_core.tts.parts import RequestId, SegmentEnd, Spoken, TTSPart, Words
from agents_core.tts.script import Script, TextInlet
from agents_core.tts.speech import SynthesizedAudio

_HOLD = 0.01
"""Seconds of sound that wait for more, so that there is always a frame to be the last one."""


class Speaking(Reading[TTSPart, SynthesizedAudio]):
    """Cuts frames, numbers segments, and says what each of them took."""

    def __init__(
        self,
        port: Port,
        script: Script,
        *,
        sample_rate: int,
        num_channels: int,
        inlet: TextInlet | None = None,
    ) -> None:
        """Begin.

        Args:
            port: whose speech it is.
            script: what is said.
            sample_rate: of the bytes.
            num_channels: likewise.
            inlet: where the text comes from, if piece by piece.
        """
        self._port = port
        self._script = script
        self._inlet = inlet
        self._cutter = FrameCutter(sample_rate=sample_rate, num_channels=num_channels, hold=_HOLD)
        self._request_id = _new_id("request_")
        self.begin()

    def begin(self) -> None:
        """A segment begins; of one that was not heard, nothing is left."""
        self._cutter.flush()
        self._segment_id = _new_id("segment_")
        self._words: tuple[TimedWord, ...] = ()
        self._delta = ""
        self._duration = 0.0
        self._first: float | None = None

    def read(self, part: TTSPart) -> Iterable[SynthesizedAudio]:
        """Speech, as soon as there is enough of it for a frame."""
        match part:
            case bytes():
                return self._spoken(self._cutter.push(part))
            case Words(words):
                self._words += tuple(word for word in words if word.is_sensible)
            case Spoken(text):
                self._delta += text
            case RequestId(request_id):
                self._request_id = request_id
            case SegmentEnd():
                return self._end_segment() if self._inlet is not None else ()
            case _:
                assert_never(part)
        return ()

    def end(self) -> Iterable[SynthesizedAudio]:
        """The last frame, where no `SegmentEnd` brought it."""
        return self._end_segment()

    def over(self, *, error: Exception | None, cancelled: bool) -> None:
        """Says what a segment took that was not said to its end."""
        if self._script.current is not None:
            self._measure(error=error, cancelled=cancelled)

    def _end_segment(self) -> Sequence[SynthesizedAudio]:
        speech = tuple(self._spoken(self._cutter.flush(), to_the_end=True))
        if self._script.current is None and not self._duration:
            return ()
        self._check_said()
        self._measure()
        if self._script.said():
            self.answered = False
            if self._inlet is not None:
                self._inlet.forget_segment()
        self.begin()
        return speech

    def _spoken(
        self, frames: Sequence[AudioFrame], *, to_the_end: bool = False
    ) -> Iterator[SynthesizedAudio]:
        for at, frame in enumerate(frames, start=1):
            self.answered = True
            self._first = self._first or time.monotonic()
            self._duration += frame.duration
            yield SynthesizedAudio(
                frame=frame,
                request_id=self._request_id,
                segment_id=self._segment_id,
                is_final=to_the_end and at == len(frames),
                delta_text=self._delta,
                words=self._words,
            )
            self._delta, self._words = "", ()

    def _check_said(self) -> None:
        segment = self._script.current
        if not self._duration and segment is not None and any(map(str.isalnum, segment.text)):
            raise APIError(f"no sound came for {len(segment.text)} characters")

    def _measure(self, *, error: Exception | None = None, cancelled: bool = False) -> None:
        port, segment, now = self._port, self._script.current, time.monotonic()
        began = segment.began if segment else now
        measured = TTSMetrics(
            label=port.label,
            model=port.model,
            provider=port.provider,
            request_id=self._request_id,
            duration=now - began,
            ttfb=None if self._first is None else self._first - began,
            audio_duration=self._duration,
            characters_count=len(segment.text) if segment else 0,
            streamed=self._inlet is not None,
            cancelled=cancelled,
            error=type(error).__name__ if error else None,
            segment_id=self._segment_id,
        )
        port.emit("metrics_collected", measured)


def _new_id(prefix: str) -> str:
    return prefix + uuid.uuid4().hex[:12]
