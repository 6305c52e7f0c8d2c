"""Sound cut into what the model looks at: windows at its rate, with the input they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agents_core.audio import AudioFrame, Resampler, mono

_BYTES = 2


@dataclass(frozen=True, slots=True)
class Window:
    """One look's worth of sound, in one channel of 16-bit samples."""

    samples: bytes
    """At the model's rate."""
    sound: bytes
    """The same stretch as it came in."""


class Windows:
    """Cuts frames of one rate; a window is as long as `size` samples at `model_rate`.

    The windows' `sound`, one after the other, and what `flush` leaves over, is what was pushed: to
    the sample, where rates are no multiples of each other too. The resampler holds back its
    latest milliseconds, so a window comes that much late, and says where it is all the same.
    """

    def __init__(self, *, input_rate: int, model_rate: int, size: int) -> None:
        self._input_rate = input_rate
        self._model_rate = model_rate
        self._size = size
        self._resampler = Resampler(input_rate=input_rate, output_rate=model_rate)
        self._clear()

    def push(self, frame: AudioFrame) -> Iterator[Window]:
        """The windows that are whole with `frame`; read them all before the next push."""
        sound = mono(frame)
        self._sound += sound.data
        return self._take(self._resampler.push(sound))

    def flush(self) -> Iterator[Window]:
        """The windows that were held back; then `rest` is what is too short for one."""
        return self._take(self._resampler.flush())

    def rest(self) -> bytes:
        """The input after the last window; it is forgotten, and what comes next begins anew."""
        rest = bytes(self._sound)
        self._clear()
        return rest

    def _clear(self) -> None:
        self._ahead = bytearray()
        self._sound = bytearray()
        self._taken = 0
        self._position = 0

    def _take(self, resampled: tuple[AudioFrame, ...]) -> Iterator[Window]:
        for frame in resampled:
            self._ahead += frame.data
        size = _BYTES * self._size
        while len(self._ahead) >= size:
            self._taken += 1
            position = self._taken * self._size * self._input_rate // self._model_rate
            length = _BYTES * (position - self._position)
            yield Window(bytes(self._ahead[:size]), bytes(self._sound[:length]))
            self._position = position
            del self._ahead[:size]
            del self._sound[:length]
