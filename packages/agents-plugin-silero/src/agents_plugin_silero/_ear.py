"""One stream's ear: frames in, events out, and the model in between."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator

from agents_core.audio import AudioFrame
from agents_core.vad import VADEvent
from agents_plugin_silero import models
from agents_plugin_silero._model import Memory
from agents_plugin_silero._pace import Pace
from agents_plugin_silero._speech import Sensitivity, Speech
from agents_plugin_silero._windows import Window, Windows

logger = logging.getLogger("agents_plugin_silero")


class Ear:
    """Hears frames; events are worked out while they are read, one window at a time."""

    def __init__(self, memory: Memory, *, model_rate: models.VADSampleRates) -> None:
        self._memory = memory
        self._model_rate = model_rate
        self._size = models.VAD_WINDOW_SAMPLES[model_rate]
        self._interval = self._size / model_rate
        self._pace = Pace(interval=self._interval)
        self._overflowed = False
        self._tune(model_rate, Sensitivity(), samples_index=0)

    def hear(self, frame: AudioFrame, sensitivity: Sensitivity) -> Iterator[VADEvent]:
        """What is noticed with one more frame; read all of it.

        A frame of another rate than the one before begins anew, as after `flush`.
        """
        if frame.sample_rate != self._input_rate:
            yield from self.flush()
            index = self._speech.samples_index * frame.sample_rate // self._input_rate
            self._tune(frame.sample_rate, sensitivity, samples_index=index)
        self._speech.sensitivity = sensitivity
        yield from self._look(self._windows.push(frame))

    def flush(self) -> Iterator[VADEvent]:
        """Forget what was heard; speech that goes on ends here. Read all of it."""
        yield from self._look(self._windows.flush())
        yield from self._speech.end(self._windows.rest())
        self._memory.forget()

    def _tune(self, input_rate: int, sensitivity: Sensitivity, *, samples_index: int) -> None:
        self._input_rate = input_rate
        self._windows = Windows(input_rate=input_rate, model_rate=self._model_rate, size=self._size)
        self._speech = Speech(
            sensitivity,
            sample_rate=input_rate,
            interval=self._interval,
            samples_index=samples_index,
        )

    def _look(self, windows: Iterable[Window]) -> Iterator[VADEvent]:
        for window in windows:
            began = time.perf_counter()
            probability = self._memory.look(window.samples)
            took = time.perf_counter() - began
            yield from self._speech.hear(window.sound, probability, took=took)
            self._warn(took)

    def _warn(self, took: float) -> None:
        behind = self._pace.late(took, now=time.monotonic())
        if behind is not None:
            logger.warning("voice detection is slower than speech: %.1f s behind", behind)
        if self._speech.overflowed and not self._overflowed:
            logger.warning("an utterance is longer than max_buffered_speech: its end is not kept")
        self._overflowed = self._speech.overflowed
