"""Audio that is the same on every machine: 16-bit little-endian PCM, one channel."""

from __future__ import annotations

import math
import struct

_FULL_SCALE = 32_767
_SAMPLE_BYTES = 2


def tone(
    *,
    seconds: float,
    frequency: float = 440.0,
    sample_rate: int = 16_000,
    amplitude: float = 0.5,
) -> bytes:
    """Return a sine of `frequency` hertz that begins at zero and peaks at `amplitude`.

    `sample_rate` is in samples a second; `amplitude` is 1 at full scale.

    Raises:
        ValueError: when samples cannot hold the tone: an amplitude outside 0 to 1, a frequency
            not below half the sample rate, or a length below zero.
    """
    if not 0 <= amplitude <= 1:
        raise ValueError(f"amplitude {amplitude} is not between 0 and 1")
    if not 0 <= frequency < sample_rate / 2:
        raise ValueError(f"{frequency} Hz is not below half of {sample_rate} samples a second")
    step = 2 * math.pi * frequency / sample_rate
    peak = amplitude * _FULL_SCALE
    samples = [round(peak * math.sin(step * at)) for at in range(_count(seconds, sample_rate))]
    return struct.pack(f"<{len(samples)}h", *samples)


def silence(*, seconds: float, sample_rate: int = 16_000) -> bytes:
    """Return samples that are all zero, at `sample_rate` samples a second.

    Raises:
        ValueError: when the length is below zero.
    """
    return bytes(_SAMPLE_BYTES * _count(seconds, sample_rate))


def loudness(pcm: bytes) -> float:
    """Return the root mean square of the samples: 0 for silence, 1 for a square wave at full scale.

    Raises:
        ValueError: when `pcm` ends in the middle of a sample.
    """
    if len(pcm) % _SAMPLE_BYTES:
        raise ValueError(f"{len(pcm)} bytes are no whole number of 16-bit samples")
    samples = struct.unpack(f"<{len(pcm) // _SAMPLE_BYTES}h", pcm)
    if not samples:
        return 0.0
    mean_square = sum(sample * sample for sample in samples) / len(samples)
    return min(1.0, math.sqrt(mean_square) / _FULL_SCALE)


def is_silent(pcm: bytes, *, below: float = 0.001) -> bool:
    """Tell whether `pcm` is quieter than `below`, as `loudness` measures it; 0.001 is -60 dB."""
    return loudness(pcm) < below


def _count(seconds: float, sample_rate: int) -> int:
    if seconds < 0 or sample_rate <= 0:
        raise ValueError(f"{seconds} s at {sample_rate} samples a second is no length of audio")
    return round(seconds * sample_rate)
