"""Voice activity detection: whether somebody speaks."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from agents_core.audio import AudioFrame
from agents_core.metrics import VADMetrics
from agents_core.retry import APIConnectOptions
from agents_core.streams import Flush, Inlet, InputStream, Port, Reading, Run


class VADEventType(StrEnum):
    """What happened."""

    START_OF_SPEECH = "start_of_speech"
    """Somebody has spoken long enough to be meant."""
    INFERENCE_DONE = "inference_done"
    """One more window was looked at."""
    END_OF_SPEECH = "end_of_speech"
    """Nobody has spoken for long enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VADEvent:
    """Something that a detector noticed. Durations are seconds."""

    type: VADEventType
    samples_index: int
    """Samples of the stream so far, at the rate at which it came in."""
    timestamp: float
    """The same in seconds."""
    speech_duration: float
    """Of the speech that goes on, or that has just ended."""
    silence_duration: float
    """Of the silence that goes on, or that has just ended."""
    frames: tuple[AudioFrame, ...] = ()
    """With START_OF_SPEECH what was said so far and some sound before it; with END_OF_SPEECH all of
    what was said; with INFERENCE_DONE the window."""
    probability: float = 0.0
    """That somebody speaks, from 0 to 1; of the last window."""
    inference_duration: float = 0.0
    """That the detector took for the window."""
    speaking: bool = False
    """Whether somebody speaks, after this event."""
    raw_accumulated_silence: float = 0.0
    """Of windows in a row that look like silence, whatever `speaking` is."""
    raw_accumulated_speech: float = 0.0
    """Of windows in a row that look like speech, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VADCapabilities:
    """What a detector can do."""

    update_interval: float
    """Seconds between two INFERENCE_DONE."""


class VADStream(InputStream[AudioFrame, VADEvent]):
    """What a detector notices, while somebody may speak."""

    def push_frame(self, frame: AudioFrame) -> None:
        """Let `frame` be looked at."""
        self._push(frame)


class VAD(Port, ABC):
    """A detector of voice activity.

    A vendor writes `_detect`; the core owns the task, metrics and errors. Nothing is tried again:
    detectors live in this process.
    """

    def __init__(self, *, capabilities: VADCapabilities) -> None:
        super().__init__()
        self._capabilities = capabilities

    @property
    def capabilities(self) -> VADCapabilities:
        """What it can do."""
        return self._capabilities

    def stream(self) -> VADStream:
        """Listen, from now on; call it in a running event loop."""
        inlet: Inlet[AudioFrame | Flush] = Inlet(remembers=False)
        watching = _Watching(self, self._capabilities.update_interval)
        run = Run(self, watching, partial(self._detect, inlet), options=_ONCE, inlet=inlet)
        return VADStream(run, inlet)

    @abstractmethod
    def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        """Yield what is noticed in `audio`; the vendor's to write.

        An asynchronous generator: it reads `audio` to its end. At a FLUSH it forgets what it heard:
        speech that goes on ends there. Frames come as the user pushed them.
        """


_ONCE = APIConnectOptions(max_retry=0)
_REPORT_EVERY = 1.0
"""Seconds of sound between two metrics."""


class _Watching(Reading[VADEvent, VADEvent]):
    """Hands events on, and says once a second what the detector took."""

    def __init__(self, port: Port, update_interval: float) -> None:
        self._port = port
        self._enough = max(1, round(_REPORT_EVERY / update_interval)) if update_interval else 1
        self._count = 0
        self._took = 0.0
        self._last_speech = time.monotonic()

    def read(self, part: VADEvent) -> Iterable[VADEvent]:
        if part.speaking:
            self._last_speech = time.monotonic()
        if part.type is VADEventType.INFERENCE_DONE:
            self._count += 1
            self._took += part.inference_duration
        if self._count == self._enough:
            self._measure()
        return (part,)

    def over(self, *, error: Exception | None, cancelled: bool) -> None:  # noqa: ARG002 - no matter
        if self._count:
            self._measure()

    def _measure(self) -> None:
        measured = VADMetrics(
            label=self._port.label,
            model=self._port.model,
            provider=self._port.provider,
            idle_time=time.monotonic() - self._last_speech,
            inference_duration_total=self._took,
            inference_count=self._count,
        )
        self._count, self._took = 0, 0.0
        self._port.emit("metrics_collected", measured)
