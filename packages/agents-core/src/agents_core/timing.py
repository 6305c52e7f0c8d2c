"""When a word is said."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWord:
    """A word (or a character, where a service tells no words) and its place in the sound."""

    text: str
    start_time: float
    """Seconds: from the beginning of what was heard, or of the segment that is spoken."""
    end_time: float
    confidence: float | None = None
    """From 0 to 1, where the service tells."""

    @property
    def is_sensible(self) -> bool:
        """Whether its times can be: JSON has room for NaN and infinity too."""
        return math.isfinite(self.end_time) and 0 <= self.start_time <= self.end_time

    def shifted(self, seconds: float) -> TimedWord:
        """The same word, later."""
        return TimedWord(
            text=self.text,
            start_time=self.start_time + seconds,
            end_time=self.end_time + seconds,
            confidence=self.confidence,
        )
