"""The same sound at another rate, or in one channel."""

from __future__ import annotations

from typing import Any

from agents_core.audio.frames import AudioFrame

_QUALITY = "MQ"
"""Measured from 48 to 16 kHz: holds back 15 ms (soxr's default 21) and is as clean in 16 bits."""

_PEAK = 32_767


class Resampler:
    """Changes the rate of a flow of frames; the channels stay as they are.

    What comes out is `output_rate / input_rate` times as long as what went in, to the sample, once
    `flush` was called: the filter holds some milliseconds back until then. After `flush` it starts
    anew. Where both rates are the same, frames pass through untouched.

    Raises:
        ValueError: a rate or a number of channels below 1.
    """

    def __init__(self, *, input_rate: int, output_rate: int, num_channels: int = 1) -> None:
        if min(input_rate, output_rate, num_channels) < 1:
            raise ValueError(f"no sound: {input_rate} to {output_rate} Hz x {num_channels}")
        self._input_rate = input_rate
        self._output_rate = output_rate
        self._num_channels = num_channels
        self._filter: Any = None

    def push(self, frame: AudioFrame) -> tuple[AudioFrame, ...]:
        """What is ready after `frame`.

        Raises:
            ValueError: the frame has another rate or other channels than was said.
        """
        if (frame.sample_rate, frame.num_channels) != (self._input_rate, self._num_channels):
            raise ValueError(f"{frame!r}: expected {self._input_rate} Hz x {self._num_channels}")
        if self._input_rate == self._output_rate:
            return (frame,)
        return self._resample(frame.data, last=False)

    def flush(self) -> tuple[AudioFrame, ...]:
        """What the filter still holds."""
        if self._filter is None:
            return ()
        rest = self._resample(b"", last=True)
        self._filter = None
        return rest

    def _resample(self, data: bytes, *, last: bool) -> tuple[AudioFrame, ...]:
        import numpy as np
        import soxr  # type: ignore[import-untyped]

        if self._filter is None:
            self._filter = soxr.ResampleStream(
                self._input_rate,
                self._output_rate,
                self._num_channels,
                dtype="float32",  # of 16-bit numbers it makes noise, to hide how it rounds
                quality=_QUALITY,
            )
        samples = np.frombuffer(data, dtype="<i2").reshape(-1, self._num_channels)
        resampled = self._filter.resample_chunk(samples.astype(np.float32), last=last)
        if not len(resampled):
            return ()
        sound = resampled.round().clip(-_PEAK - 1, _PEAK).astype("<i2").tobytes()
        return (AudioFrame(sound, self._output_rate, self._num_channels),)


class MonoResampler:
    """One channel at `sample_rate`, of frames that may differ in rate and channels.

    Raises:
        ValueError: a rate below 1.
    """

    def __init__(self, *, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._source = sample_rate
        self._resampler = Resampler(input_rate=sample_rate, output_rate=sample_rate)

    def push(self, frame: AudioFrame) -> tuple[AudioFrame, ...]:
        """What is ready after `frame`."""
        rest: tuple[AudioFrame, ...] = ()
        if frame.sample_rate != self._source:
            rest = self.flush()
            self._source = frame.sample_rate
            self._resampler = Resampler(input_rate=self._source, output_rate=self._sample_rate)
        return rest + self._resampler.push(mono(frame))

    def flush(self) -> tuple[AudioFrame, ...]:
        """What the filter still holds."""
        return self._resampler.flush()


def mono(frame: AudioFrame) -> AudioFrame:
    """One channel: the mean of all."""
    if frame.num_channels == 1:
        return frame
    import numpy as np

    samples = np.frombuffer(frame.data, dtype="<i2").reshape(-1, frame.num_channels)
    # The mean of 16-bit numbers is one; rounded down, as the sum of two mirrored channels is 0.
    mixed = samples.astype(np.int32).sum(axis=1) // frame.num_channels
    return AudioFrame(mixed.astype("<i2").tobytes(), frame.sample_rate)
