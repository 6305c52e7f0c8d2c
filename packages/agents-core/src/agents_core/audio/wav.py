"""Sound that wears a RIFF header, read as it arrives, and written whole."""

from __future__ import annotations

import math
import struct

from agents_core.audio.frames import AudioFrame

_RIFF = b"RIFF"
_HEAD = struct.Struct("<4sI4s")
_CHUNK = struct.Struct("<4sI")
_FORM = struct.Struct("<HHIIHH")
_SUBFORMAT = slice(24, 26)
_PCM, _EXTENSIBLE = 1, 0xFFFE
_LONGEST_CHUNK = 1 << 20
"""Bytes; what comes before the sound may be pictures and lyrics, but not for ever."""
_LONGEST_FORM = 64
_UNKNOWN_SIZES = frozenset({0, 0x7FFFFFFF, 0xFFFFFFFF})
"""What a writer that streams puts where it cannot know the size yet."""


class WavReader:
    """Takes the headers off a flow of bytes, so that they are never played as sound.

    A flow that does not begin as RIFF is handed on as it is: services answer either way. What
    follows the sound (a list of names, say) is dropped; a second header there begins more sound.
    Where a service sends a header of unknown size with every message, `flush` between messages.

    Attributes:
        sample_rate: as the header says; None until it was read, or where there is none.
        num_channels: likewise.
    """

    def __init__(self) -> None:
        self.sample_rate: int | None = None
        self.num_channels: int | None = None
        self._waiting = b""
        self._start()

    def push(self, data: bytes) -> bytes:
        """The samples among `data`, and among what was pushed before and not yet understood.

        Raises:
            ValueError: the header is of something else than 16-bit PCM, or does not end.
        """
        self._waiting += data
        sound = []
        while (step := self._step()) is not None:
            sound.append(step)
        return b"".join(sound)

    def flush(self) -> bytes:
        """What waited to be known for a header, and is none; what is pushed next starts anew."""
        rest = b"" if self._inside or len(self._waiting) >= len(_RIFF) else self._waiting
        self._start()
        return rest

    def _start(self) -> None:
        self._waiting = b""
        self._inside = False
        self._skip = 0
        self._left: float = 0
        self._heard = False

    def _step(self) -> bytes | None:
        """Sound, perhaps of no length; None where more is needed."""
        if not self._waiting:
            return None
        if self._left:
            return self._take_sound()
        if self._skip:
            self._skip -= len(self._drop(self._skip))
            return b""
        return self._read_chunk() if self._inside else self._read_head()

    def _take_sound(self) -> bytes:
        sound = self._waiting if self._left == math.inf else self._waiting[: int(self._left)]
        self._left -= len(self._drop(len(sound)))
        return sound

    def _read_head(self) -> bytes | None:
        if not self._waiting.startswith(_RIFF[: len(self._waiting)]):
            self._left = math.inf
            return b""
        if len(self._waiting) < _HEAD.size:
            return None
        _, _, form = _HEAD.unpack(self._drop(_HEAD.size))
        if form != b"WAVE":
            raise ValueError("RIFF of something else than sound")
        self._inside = True
        return b""

    def _read_chunk(self) -> bytes | None:
        if len(self._waiting) < _CHUNK.size:
            return None
        kind, size = _CHUNK.unpack_from(self._waiting)
        if kind == _RIFF:
            self._inside = False
        elif kind == b"fmt ":
            return self._read_form(size)
        elif kind == b"data":
            self._begin_sound(size)
        elif self._heard and not kind.isalnum() and not kind.strip().isalnum():
            self._left = math.inf  # the size was a lie: it is still sound
        else:
            self._skip_chunk(size)
        return b""

    def _read_form(self, size: int) -> bytes | None:
        if not _FORM.size <= size <= _LONGEST_FORM:
            raise ValueError(f"a format of {size} bytes")
        if len(self._waiting) < _CHUNK.size + size:
            return None
        form = self._drop(_CHUNK.size + size)[_CHUNK.size :]
        tag, channels, rate, _, _, bits = _FORM.unpack_from(form)
        if tag == _EXTENSIBLE:
            tag = int.from_bytes(form[_SUBFORMAT], "little")
        if (tag, bits) != (_PCM, 16):
            raise ValueError(f"format {tag} of {bits} bits is no 16-bit PCM")
        self.sample_rate, self.num_channels = rate, channels
        return b""

    def _begin_sound(self, size: int) -> None:
        if self.sample_rate is None:
            raise ValueError("sound without a format")
        self._drop(_CHUNK.size)
        self._heard = True
        self._left = math.inf if size in _UNKNOWN_SIZES else size
        self._skip = size % 2

    def _skip_chunk(self, size: int) -> None:
        if not self._heard and size > _LONGEST_CHUNK:
            raise ValueError(f"{size} bytes before the sound")
        self._drop(_CHUNK.size)
        self._skip = size + size % 2

    def _drop(self, size: int) -> bytes:
        dropped, self._waiting = self._waiting[:size], self._waiting[size:]
        return dropped


def wav_bytes(frame: AudioFrame) -> bytes:
    """The frame as a whole file, for services that take uploads."""
    rate, channels, size = frame.sample_rate, frame.num_channels, len(frame.data)
    form = _FORM.pack(_PCM, channels, rate, rate * channels * 2, channels * 2, 16)
    head = _HEAD.pack(_RIFF, 36 + size, b"WAVE")
    chunks = _CHUNK.pack(b"fmt ", len(form)), form, _CHUNK.pack(b"data", size), frame.data
    return b"".join((head, *chunks))
