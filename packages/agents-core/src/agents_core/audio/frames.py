"""Sound as numbers: frames of 16-bit samples, and what can be computed from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_BYTES_PER_SAMPLE = 2


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """A stretch of sound.

    Raises:
        ValueError: a rate or a number of channels below 1, or bytes that are no whole samples.
    """

    data: bytes
    """Signed 16-bit samples, little-endian, interleaved by channel."""
    sample_rate: int
    """Samples a second, of each channel."""
    num_channels: int = 1

    def __post_init__(self) -> None:
        if self.sample_rate < 1 or self.num_channels < 1:
            raise ValueError(f"no sound: {self.sample_rate} Hz, {self.num_channels} channels")
        if len(self.data) % (_BYTES_PER_SAMPLE * self.num_channels):
            raise ValueError(f"{len(self.data)} bytes are no whole samples")

    @property
    def samples_per_channel(self) -> int:
        """How many samples each channel has."""
        return len(self.data) // (_BYTES_PER_SAMPLE * self.num_channels)

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples_per_channel / self.sample_rate

    def __repr__(self) -> str:
        return f"<AudioFrame {self.duration:.3f} s, {self.sample_rate} Hz x {self.num_channels}>"


def silence(seconds: float, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
    """A frame without a sound."""
    size = _BYTES_PER_SAMPLE * num_channels * round(seconds * sample_rate)
    return AudioFrame(bytes(size), sample_rate, num_channels)


def combine(frames: Iterable[AudioFrame]) -> AudioFrame:
    """One frame of all, in order.

    Raises:
        ValueError: there is none, or they differ in rate or channels.
    """
    parts = tuple(frames)
    kinds = {(part.sample_rate, part.num_channels) for part in parts}
    if len(kinds) != 1:
        raise ValueError(f"frames of {len(kinds)} kinds cannot be combined")
    [(sample_rate, num_channels)] = kinds
    return AudioFrame(b"".join(part.data for part in parts), sample_rate, num_channels)
