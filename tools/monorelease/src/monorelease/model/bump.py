"""How far a version moves, ordered so that the strongest of several is their ``max``."""

from __future__ import annotations

from enum import IntEnum


class Bump(IntEnum):
    """none < patch < minor < major."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """The bump as it is written in fragments, configuration and reports."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> Bump:
        """The bump written as `word`, in lower case.

        Raises:
            KeyError: when it is none of the four words.
        """
        return _BY_WORD[word]


_BY_WORD = {bump.word: bump for bump in Bump}
