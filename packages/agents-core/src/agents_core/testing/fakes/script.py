"""What a fake model answers to what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents_core.testing.vendor import Call, Reply

_ECHO = re.compile(r"Repeat exactly, and nothing else: (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer, and when it is given."""

    when: str = ""
    """A regular expression that is looked for in the last thing that was said to the model, by the
    user or by a tool; the empty one is found in everything."""
    say: str = ""
    calls: tuple[Call, ...] = ()
    error: Exception | None = None
    """Fail with it instead."""
    delay: float = 0.0
    """Seconds before the answer begins."""
    times: int | None = None
    """How often it is given; then the lines after it have their turn."""

    @property
    def reply(self) -> Reply:
        """What is answered."""
        return Reply(text=self.say, calls=self.calls)


class Script:
    """Lines, of which the first that applies is given; where none does, the words come back."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)
        self._given = [0] * len(self._lines)

    def answer(self, heard: str) -> Line:
        """The line to give to what was said last."""
        for place, line in enumerate(self._lines):
            left = line.times is None or self._given[place] < line.times
            if left and re.search(line.when, heard):
                self._given[place] += 1
                return line
        echo = _ECHO.search(heard)
        return Line(say=echo.group(1) if echo else heard)
