"""What is to be said, by segments."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from agents_core.streams import FLUSH, Flush, Inlet


@dataclass(slots=True, kw_only=True)
class Segment:
    """An utterance that is said as a whole."""

    began: float = field(default_factory=time.monotonic)
    """When its first text was known."""
    pieces: list[str] = field(default_factory=list)
    whole: bool = False
    """Whether no more text belongs to it."""

    @property
    def text(self) -> str:
        """Its text, so far."""
        return "".join(self.pieces)


class Script:
    """The segments that were given to the service, and whose sound has not all come."""

    def __init__(self) -> None:
        self._segments: deque[Segment] = deque()

    @property
    def current(self) -> Segment | None:
        """The one that is being said."""
        return self._segments[0] if self._segments else None

    def write(self, text: str) -> None:
        """Add to the last segment, or begin one."""
        if not self._segments or self._segments[-1].whole:
            self._segments.append(Segment())
        self._segments[-1].pieces.append(text)

    def end_segment(self) -> None:
        """No more text belongs to the last segment."""
        if self._segments:
            self._segments[-1].whole = True

    def said(self) -> bool:
        """Go on to the next segment; False where the current one is not whole."""
        if self._segments and self._segments[0].whole:
            self._segments.popleft()
            return True
        return False

    def restart(self) -> None:
        """Nothing of it is given to the service any more."""
        self._segments.clear()


class TextInlet(Inlet[str | Flush]):
    """Keeps a script of what was read; another try reads again what has not been said."""

    def __init__(self) -> None:
        super().__init__()
        self.script = Script()

    def rewind(self) -> None:
        """Have what is remembered read again."""
        super().rewind()
        self.script.restart()

    def forget_segment(self) -> None:
        """Remember nothing of the first segment: it was said."""
        while self._behind and self._behind.popleft() is not FLUSH:
            pass

    def _remember(self, value: str | Flush) -> None:
        super()._remember(value)
        if isinstance(value, Flush):
            self.script.end_segment()
        else:
            self.script.write(value)
