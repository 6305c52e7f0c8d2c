"""A microphone that a script speaks into, in real time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import av

from agents_core.audio import AudioFrame
from agents_core.testing.room.tracks import Source

_RATE = 48_000
_SAMPLES = _RATE // 50
"""Of one frame: 20 ms."""
_BYTES = 2 * _SAMPLES
_LATE = 0.2
"""Seconds behind, from which the clock is set anew, rather than frames sent in a burst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """When something was said, in seconds of `time.monotonic`."""

    started: float
    """When the first of it was handed on."""
    ended: float
    """When the last of it was over, or what was left of it was hushed."""


@dataclass(slots=True, kw_only=True)
class _Utterance:
    rest: bytes
    spoken: asyncio.Future[Spoken]
    started: float | None = None


class Microphone:
    """Gives a frame every 20 ms, as a real one does: of what is said, or of silence."""

    def __init__(self) -> None:
        self.source = Source("audio")
        self._utterances: deque[_Utterance] = deque()
        self._pump = asyncio.create_task(self._run(), name="microphone")

    async def say(self, frame: AudioFrame) -> Spoken:
        """Say it, after what is being said already; returns when it is said, or was hushed."""
        spoken = asyncio.get_running_loop().create_future()
        self._utterances.append(_Utterance(rest=_at_48_khz(frame), spoken=spoken))
        when: Spoken = await spoken
        return when

    def hush(self) -> None:
        """Leave unsaid what is not said yet."""
        for utterance in self._utterances:
            utterance.rest = b""

    async def aclose(self) -> None:
        """Switch it off."""
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)
        for utterance in self._utterances:
            utterance.spoken.cancel()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due, position = loop.time(), 0
        while True:
            self.source.push(_frame(self._next(), position))
            position += _SAMPLES
            due = max(due + _SAMPLES / _RATE, loop.time() - _LATE)
            await asyncio.sleep(due - loop.time())

    def _next(self) -> bytes:
        """The next 20 ms."""
        while self._utterances:
            utterance, now = self._utterances[0], time.monotonic()
            if utterance.rest:
                utterance.started = utterance.started or now
                said, utterance.rest = utterance.rest[:_BYTES], utterance.rest[_BYTES:]
                return said.ljust(_BYTES, b"\0")
            self._utterances.popleft()
            if not utterance.spoken.done():
                utterance.spoken.set_result(Spoken(started=utterance.started or now, ended=now))
        return bytes(_BYTES)


def _at_48_khz(frame: AudioFrame) -> bytes:
    """The same sound in one channel of 48 kHz, which Opus wants."""
    layout = "mono" if frame.num_channels == 1 else "stereo"
    given = av.AudioFrame(format="s16", layout=layout, samples=frame.samples_per_channel)
    if not frame.data:
        return b""
    given.planes[0].update(frame.data.ljust(given.planes[0].buffer_size, b"\0"))
    given.sample_rate = frame.sample_rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
    parts = [*resampler.resample(given), *resampler.resample(None)]
    return b"".join(bytes(part.planes[0])[: 2 * part.samples] for part in parts)


def _frame(pcm: bytes, position: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=_SAMPLES)
    frame.planes[0].update(pcm)
    frame.sample_rate, frame.pts, frame.time_base = _RATE, position, Fraction(1, _RATE)
    return frame
