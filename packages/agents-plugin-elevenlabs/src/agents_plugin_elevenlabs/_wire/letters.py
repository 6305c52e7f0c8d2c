"""Letters with times, joined to words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents_core.timing import TimedWord

_SLACK = 0.01
"""Seconds: times are rounded."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A character, or more, and its place in the sound."""

    text: str
    start_time: float
    end_time: float


class Letters:
    """Reads letters in any cut, and says words once the space after them has come.

    Times count from the beginning of what the model made in one go. Where they run backwards, the
    next such stretch has begun, with the sound of its message.
    """

    def __init__(self) -> None:
        self._origin = 0.0
        self._latest = 0.0
        self._word = ""
        self._start = self._end = 0.0

    def push(self, letters: Sequence[Letter], before: float) -> Iterator[TimedWord]:
        """The words that are whole.

        Args:
            letters: of one message.
            before: seconds of sound before that of the message.
        """
        if letters and letters[0].start_time < self._latest - _SLACK:
            self._origin = before
        for letter in letters:
            if letter.text.isspace():
                yield from self.flush()
            else:
                self._append(letter)
            self._latest = letter.end_time

    def flush(self) -> Iterator[TimedWord]:
        """The word that is there."""
        if self._word:
            yield TimedWord(text=self._word, start_time=self._start, end_time=self._end)
        self._word = ""

    def _append(self, letter: Letter) -> None:
        if not self._word:
            self._start = self._origin + letter.start_time
        self._word += letter.text
        self._end = self._origin + letter.end_time
