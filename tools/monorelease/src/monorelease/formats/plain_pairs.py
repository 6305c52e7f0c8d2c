"""Pairs of a name and a word, as nearly every fragment writes them: one plain line each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monorelease.model.value import value


@value
class Pair:
    """A name and a word as somebody wrote them, and the lines that they take up."""

    name: str
    word: str
    first: int
    """In the file, counted from 1."""
    last: int


_BLANK = re.compile(r" *(?:#[ -~]*)?")
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"
_PAIR = re.compile(
    rf"""(?:(?P<plain>{_NAME})|"(?P<double>{_NAME})"|'(?P<single>{_NAME})')"""
    r": +(?P<word>none|patch|minor|major) *(?: #[ -~]*)?"
)


def read_plain(lines: Sequence[str], block: range) -> tuple[Pair, ...] | None:
    """The pairs in the lines of `block`; None where a line needs more than this knows.

    Whatever it does read, a YAML reader reads alike.
    """
    pairs: list[Pair] = []
    for number in block:
        line = lines[number - 1]
        found = _PAIR.fullmatch(line)
        if found:
            name = found["plain"] or found["double"] or found["single"]
            pairs.append(Pair(name=name, word=found["word"], first=number, last=number))
        elif not _BLANK.fullmatch(line):
            return None
    return tuple(pairs)
