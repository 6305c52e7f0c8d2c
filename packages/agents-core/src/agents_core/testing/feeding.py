"""Sound and text cut into pieces, as they come from a room or from a model."""

from __future__ import annotations

from collections.abc import Iterator

from agents_core.audio import AudioFrame

_SIZES = (1, 2, 4, 7)


def cut_sound(sound: AudioFrame, *, samples: int) -> Iterator[AudioFrame]:
    """Frames of `samples` a channel; what is left over makes a shorter one."""
    size = 2 * sound.num_channels * samples
    for start in range(0, len(sound.data), size):
        yield AudioFrame(sound.data[start : start + size], sound.sample_rate, sound.num_channels)


def cut_text(text: str) -> Iterator[str]:
    """Pieces of one to seven characters, cut without regard to words."""
    start = 0
    while start < len(text):
        size = _SIZES[start % len(_SIZES)]
        yield text[start : start + size]
        start += size
