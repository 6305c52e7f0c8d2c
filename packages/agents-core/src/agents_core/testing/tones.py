"""Speech that a test can read: each letter spelled in tones, and the tones read back."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from agents_core.audio import AudioFrame, combine, silence

SECONDS_PER_BYTE = 0.04
"""How long a letter of ASCII sounds; others take as many bytes as UTF-8 gives them."""

_SYMBOL = SECONDS_PER_BYTE / 2
_TAIL = 0.0073
_AMPLITUDE = 8000
_AUDIBLE = 1500
_FREQUENCIES = tuple(400 + 200 * nibble for nibble in range(16))
"""Hertz; all of them pass a telephone, and have whole waves in half a symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One stretch of tones, from silence to silence."""

    text: str
    start_time: float
    """Seconds from the beginning of the sound."""
    end_time: float


def speak(text: str, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
    """The sound of `text`: two tones a byte, which survive a resampler and any cutting.

    It ends in `tail`. Rates below 8 kHz cannot carry it.
    """
    sound = spell(text, sample_rate=sample_rate, num_channels=num_channels)
    return combine([sound, tail(sample_rate=sample_rate, num_channels=num_channels)])


@lru_cache(maxsize=128)
def spell(text: str, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
    """The tones alone; the tones of two texts, one after the other, are those of the whole."""
    samples = array("h")
    for count, nibble in enumerate(_nibbles(text.encode()), start=1):
        length = round(count * _SYMBOL * sample_rate) - len(samples)
        samples.extend(_tone(nibble, length, sample_rate))
    if num_channels > 1:
        samples = array("h", (sample for sample in samples for _ in range(num_channels)))
    return AudioFrame(samples.tobytes(), sample_rate, num_channels)


def tail(*, sample_rate: int, num_channels: int = 1) -> AudioFrame:
    """A short silence after which a sound is no whole number of frames, however long they are.

    So that whoever drops what does not fill a frame is seen to do so.
    """
    return silence(_TAIL, sample_rate=sample_rate, num_channels=num_channels)


def read(frames: Iterable[AudioFrame]) -> tuple[Heard, ...]:
    """What was spelled in `frames`, taken as one sound; nothing where there are no tones."""
    reader: ToneReader | None = None
    for frame in frames:
        reader = reader or ToneReader(frame.sample_rate)
        reader.push(frame)
    return reader.end() if reader is not None else ()


class ToneReader:
    """Reads tones while they arrive; of sound with several channels, the first one."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._symbol = _SYMBOL * sample_rate
        self._samples = array("h")
        self._dropped = 0
        self._start: int | None = None
        self._nibbles: list[int] = []
        self._heard: list[Heard] = []

    @property
    def text(self) -> str:
        """What was read of the stretch that goes on; empty while it is silent."""
        pairs = zip(self._nibbles[::2], self._nibbles[1::2], strict=False)
        return bytes(high << 4 | low for high, low in pairs).decode(errors="ignore")

    @property
    def start_time(self) -> float | None:
        """When the stretch that goes on began, in seconds; None while it is silent."""
        return None if self._start is None else self._start / self._rate

    @property
    def duration(self) -> float:
        """Seconds pushed so far."""
        return (self._dropped + len(self._samples)) / self._rate

    def push(self, frame: AudioFrame) -> None:
        """Go on with the next stretch of sound."""
        samples = array("h", frame.data)
        self._samples.extend(samples[:: frame.num_channels])
        while self._step():
            pass

    def take(self) -> tuple[Heard, ...]:
        """The stretches that have ended since the last call."""
        heard = tuple(self._heard)
        self._heard.clear()
        return heard

    def end(self) -> tuple[Heard, ...]:
        """Take what is there, the stretch that went on included."""
        self._finish()
        return self.take()

    def _step(self) -> bool:
        return self._seek() if self._start is None else self._read_symbol(self._start)

    def _seek(self) -> bool:
        if not self._samples or not _audible(self._samples):
            self._drop(len(self._samples))
            return False
        for place, sample in enumerate(self._samples):
            if abs(sample) > _AUDIBLE:
                self._start = self._dropped + place
                self._drop(place)
                return True
        self._drop(len(self._samples))
        return False

    def _read_symbol(self, start: int) -> bool:
        begin = start + round(len(self._nibbles) * self._symbol) - self._dropped
        # The middle alone: the ends are blurred where a resampler was at work.
        half = round(self._symbol / 2)
        middle = self._samples[begin + half // 2 : begin + half // 2 + half]
        if len(middle) < half:
            return False
        if not _audible(middle):
            self._finish()
        else:
            self._nibbles.append(_loudest(middle.tobytes(), self._rate))
        return True

    def _finish(self) -> None:
        if self._start is not None and self.text:
            end = self._start + round(len(self._nibbles) * self._symbol)
            times = {"start_time": self._start / self._rate, "end_time": end / self._rate}
            self._heard.append(Heard(text=self.text, **times))
            self._drop(min(end - self._dropped, len(self._samples)))
        elif self._start is not None:
            self._drop(min(round(self._symbol), len(self._samples)))
        self._start = None
        self._nibbles.clear()

    def _drop(self, count: int) -> None:
        del self._samples[:count]
        self._dropped += count


def _audible(samples: array[int]) -> bool:
    return max(samples) > _AUDIBLE or min(samples) < -_AUDIBLE


def _nibbles(data: bytes) -> Iterable[int]:
    for byte in data:
        yield byte >> 4
        yield byte & 15


@lru_cache(maxsize=256)
def _tone(nibble: int, length: int, rate: int) -> array[int]:
    turn = 2 * math.pi * _FREQUENCIES[nibble] / rate
    return array("h", (round(_AMPLITUDE * math.sin(turn * n)) for n in range(length)))


@lru_cache(maxsize=4096)
def _loudest(data: bytes, rate: int) -> int:
    samples = array("h", data)
    powers = []
    for cosines, sines in _waves(len(samples), rate):
        real, imaginary = sum(map(mul, samples, cosines)), sum(map(mul, samples, sines))
        powers.append(real * real + imaginary * imaginary)
    return powers.index(max(powers))


@lru_cache(maxsize=16)
def _waves(length: int, rate: int) -> tuple[tuple[array[float], array[float]], ...]:
    turns = tuple(2 * math.pi * frequency / rate for frequency in _FREQUENCIES)
    return tuple(
        (
            array("d", (math.cos(turn * n) for n in range(length))),
            array("d", (math.sin(turn * n) for n in range(length))),
        )
        for turn in turns
    )
