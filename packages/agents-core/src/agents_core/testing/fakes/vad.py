"""A detector of voice that listens for anything loud."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

from agents_core.audio import AudioFrame, combine, mono
from agents_core.streams import Flush, Inlet
from agents_core.vad import VAD, VADCapabilities, VADEvent, VADEventType


class FakeVAD(VAD):
    """Takes every window that is loud for speech; decides in whole windows of 20 ms.

    Args:
        threshold: the loudest sample that is still silence, of 32767.
        min_speech_duration: seconds of loud windows in a row that begin speech.
        min_silence_duration: seconds of quiet windows in a row that end it.
        prefix_padding_duration: seconds before speech that come with it.
    """

    def __init__(
        self,
        *,
        threshold: int = 500,
        min_speech_duration: float = 0.06,
        min_silence_duration: float = 0.3,
        prefix_padding_duration: float = 0.1,
    ) -> None:
        super().__init__(capabilities=VADCapabilities(update_interval=0.02))
        self.threshold = threshold
        self.min_speech_duration = min_speech_duration
        self.min_silence_duration = min_silence_duration
        self.prefix_padding_duration = prefix_padding_duration

    @property
    def model(self) -> str:
        return "loudness"

    @property
    def provider(self) -> str:
        return "fake"

    async def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        ear: Ear | None = None
        async for piece in audio:
            if isinstance(piece, Flush):
                events = ear.flush() if ear is not None else iter(())
            else:
                ear = ear or Ear(self, piece.sample_rate)
                events = ear.hear(mono(piece))
            for event in events:
                yield event


class Ear:
    """What a detector knows of one stream."""

    def __init__(self, vad: FakeVAD, sample_rate: int) -> None:
        interval = vad.capabilities.update_interval
        self._vad = vad
        self._rate = sample_rate
        self._window = round(interval * sample_rate)
        self._interval = interval
        self._rest = b""
        self._index = 0
        self._prefix: deque[AudioFrame] = deque(
            maxlen=round(vad.prefix_padding_duration / interval)
        )
        self._speaking = False
        self._loud = self._quiet = 0.0
        self._frames: list[AudioFrame] = []

    def hear(self, frame: AudioFrame) -> Iterator[VADEvent]:
        """What is noticed with one more frame."""
        self._rest += frame.data
        size = 2 * self._window
        while len(self._rest) >= size:
            window, self._rest = self._rest[:size], self._rest[size:]
            yield from self._look(AudioFrame(window, self._rate))

    def flush(self) -> Iterator[VADEvent]:
        """Forget what was heard; speech that goes on ends here."""
        self._index += len(self._rest) // 2
        self._rest = b""
        if self._speaking:
            yield self._end()
        self._forget()

    def _look(self, window: AudioFrame) -> Iterator[VADEvent]:
        began = time.perf_counter()
        self._index += self._window
        samples = array("h", window.data)
        loud = max(samples) > self._vad.threshold or min(samples) < -self._vad.threshold
        self._loud = self._loud + self._interval if loud else 0.0
        self._quiet = 0.0 if loud else self._quiet + self._interval
        if not (loud or self._speaking):
            self._prefix.extend(self._frames)
            self._frames.clear()
            self._prefix.append(window)
        else:
            self._frames.append(window)
        took = time.perf_counter() - began
        yield replace(self._event(VADEventType.INFERENCE_DONE, (window,)), inference_duration=took)
        yield from self._decide()

    def _decide(self) -> Iterator[VADEvent]:
        slack = self._interval / 2
        if not self._speaking and self._loud >= self._vad.min_speech_duration - slack:
            self._speaking = True
            yield self._event(
                VADEventType.START_OF_SPEECH, (combine([*self._prefix, *self._frames]),)
            )
        elif self._speaking and self._quiet >= self._vad.min_silence_duration - slack:
            yield self._end()
            self._forget()

    def _end(self) -> VADEvent:
        self._speaking = False
        return self._event(VADEventType.END_OF_SPEECH, (combine([*self._prefix, *self._frames]),))

    def _event(self, kind: VADEventType, frames: tuple[AudioFrame, ...]) -> VADEvent:
        spoken = len(self._frames) * self._interval - self._quiet
        return VADEvent(
            type=kind,
            samples_index=self._index,
            timestamp=self._index / self._rate,
            speech_duration=max(0.0, spoken),
            silence_duration=self._quiet,
            frames=frames,
            probability=1.0 if self._loud else 0.0,
            speaking=self._speaking,
            raw_accumulated_silence=self._quiet,
            raw_accumulated_speech=self._loud,
        )

    def _forget(self) -> None:
        self._speaking = False
        self._loud = self._quiet = 0.0
        self._frames = []
        self._prefix.clear()
