"""What ends a sentence, and what only looks so."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SOFT = ".…"
_HARD = "!?‼⁇⁈⁉"
_WITHOUT_SPACE = "。！？｡।॥؟۔։።፧፨။។៕"  # noqa: RUF001 - as they are written
"""Of Chinese and Japanese, Devanagari, Arabic and Urdu, Armenian, Ethiopic, Burmese and Khmer: they
end a sentence wherever they stand."""

ENDERS = _SOFT + _HARD + _WITHOUT_SPACE
CLOSERS = "\"'”’»›)]}」』）】》〉"  # noqa: RUF001 - as they are written
_BULLETS = "-*•–—·"  # noqa: RUF001 - as they are written

_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[]*$")  # noqa: RUF001 - as they are written
_NEVER = frozenset(
    (
        *("mr", "mrs", "ms", "mx", "dr", "prof", "st", "mt", "ft", "rev", "hon", "capt", "lt"),
        *("col", "gen", "sgt", "gov", "sen", "rep", "pres", "messrs", "mme", "mlle", "sr", "sra"),
        *("e.g", "i.e", "cf", "vs", "viz", "al", "resp", "incl", "z.b", "d.h", "bzw", "ca"),
    )
)
"""Abbreviations after which a sentence goes on, even with a capital letter."""
_BEFORE_NUMBERS = frozenset(
    ("no", "nos", "nr", "fig", "figs", "eq", "vol", "pp", "p", "ch", "sec", "art", "approx", "abs")
)
"""Likewise, where a number follows."""


@dataclass(slots=True, kw_only=True)
class Ending:
    """What stands where a sentence may end."""

    before: str = ""
    """The text before it, its last characters at least."""
    numbered: bool = False
    """Whether the sentence has had nothing but digits yet: the number of an item."""
    dots: int = 0
    soft: bool = False
    hard: bool = False
    anywhere: bool = False
    closed: bool = False
    """Whether a quotation or a bracket ends too."""
    spaced: bool = False
    newlines: int = 0

    def add(self, character: str) -> None:
        """Take in the next character: an ender, a closer or a space."""
        self.dots += character == "."
        self.soft = self.soft or character in _SOFT
        self.hard = self.hard or character in _HARD
        self.anywhere = self.anywhere or character in _WITHOUT_SPACE
        self.closed = self.closed or character in CLOSERS
        self.spaced = self.spaced or character.isspace()
        self.newlines += character == "\n"

    def ends_before(self, following: str) -> bool:
        """Whether a new sentence begins with the character `following`."""
        if self.newlines > 1 or (self.newlines and following in _BULLETS):
            return True
        if self.anywhere:
            return True
        if not self.spaced:
            return False
        if self.hard:
            return not (self.closed and following.islower())
        return self.soft and not following.islower() and self._is_no_abbreviation(following)

    def _is_no_abbreviation(self, following: str) -> bool:
        if self.numbered:
            return False
        if self.dots != 1:
            return True
        word = _LAST_WORD.search(self.before)
        last = word[0].lower() if word else ""
        if last in _NEVER or (following.isnumeric() and last in _BEFORE_NUMBERS):
            return False
        return not self._is_initial

    @property
    def _is_initial(self) -> bool:
        """Whether a single capital letter stands before the dot; "I" is a word."""
        letter = self.before[-1:]
        return letter.isupper() and letter != "I" and not self.before[-2:-1].isalnum()
