"""Bytes of any length, cut into frames."""

from __future__ import annotations

from agents_core.audio.frames import AudioFrame


class FrameCutter:
    """Cuts a flow of samples into frames between `shortest` and `longest` seconds.

    Nothing is lost and nothing invented: the frames of every `push` and of the `flush` after them,
    one after the other, are the bytes that were pushed. Half a sample waits for its other half.

    `hold` seconds are kept back until more comes or `flush` is called, so that there is a frame
    left to be marked as the last one.

    Raises:
        ValueError: the lengths are not `0 <= hold` and `0 < shortest <= longest`.
    """

    def __init__(
        self,
        *,
        sample_rate: int,
        num_channels: int = 1,
        shortest: float = 0.02,
        longest: float = 0.2,
        hold: float = 0.0,
    ) -> None:
        if not (hold >= 0 and 0 < shortest <= longest):
            raise ValueError(f"no lengths of frames: {shortest} to {longest} s, {hold} s held")
        self._sample_rate = sample_rate
        self._num_channels = num_channels
        self._whole = 2 * num_channels
        self._shortest = self._size(shortest)
        self._longest = self._size(longest)
        self._hold = self._size(hold) if hold else 0
        self._rest = bytearray()

    def push(self, data: bytes) -> tuple[AudioFrame, ...]:
        """Whatever is ready to be handed on once `data` has come."""
        self._rest += data
        free = len(self._rest) - self._hold
        free -= free % self._whole
        if free < self._shortest:
            return ()
        return self._cut(free)

    def flush(self) -> tuple[AudioFrame, ...]:
        """What is left, however short; half a sample, which is no sound, is dropped."""
        frames = self._cut(len(self._rest) - len(self._rest) % self._whole)
        self._rest.clear()
        return frames

    def _cut(self, size: int) -> tuple[AudioFrame, ...]:
        ready = bytes(memoryview(self._rest)[:size])
        del self._rest[:size]
        return tuple(
            AudioFrame(ready[start : start + self._longest], self._sample_rate, self._num_channels)
            for start in range(0, size, self._longest)
        )

    def _size(self, seconds: float) -> int:
        return max(1, round(seconds * self._sample_rate)) * self._whole
