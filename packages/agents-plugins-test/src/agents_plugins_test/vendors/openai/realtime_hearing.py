"""What a realtime service hears: tones, and the silence after them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from agents_core.audio import AudioFrame
from agents_core.testing.tones import ToneReader

_ITEMS = itertools.count(1)


class Ear:
    """Reads the sound since the last turn."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._begun = False
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.item_id = f"item_heard_{next(_ITEMS)}"
        self.unheard = 0
        self._reader = ToneReader(self._rate)
        self._begun = False

    def hear(self, frame: AudioFrame) -> None:
        """Some more sound."""
        self.unheard += len(frame.data)
        self._reader.push(frame)

    def begins(self) -> bool:
        """Whether somebody began to speak just now."""
        before, self._begun = self._begun, self._begun or self._reader.start_time is not None
        return self._begun and not before

    def ended(self) -> Iterator[str]:
        """What was said, once it is over."""
        for heard in self._reader.take():
            self._begun = False
            yield heard.text

    def all(self) -> str:
        """What was said, over or not."""
        return " ".join(heard.text for heard in self._reader.end())

    def take(self) -> str:
        """The name of the turn that is over; the next one begins."""
        name = self.item_id
        self.item_id = f"item_heard_{next(_ITEMS)}"
        self.unheard = 0
        return name
