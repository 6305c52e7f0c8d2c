"""Which version a changelog's heading speaks of, however it is spelled."""

from __future__ import annotations

import re

from packaging.version import Version

from monorelease.formats.markdown import Heading
from monorelease.model.version import read_version

_LEADS = re.compile(r"\W*v?\d", re.IGNORECASE)
_GOES_ON = re.compile(r"[A-Za-z]")
_SEPARATOR = re.compile(r"@|==|[-/:_]")
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_MOST_WORDS = 5
"""How far into a heading its version may stand: ``Release notes for agents-core 1.2.0``."""
_UPPER = 2
"""Headings of this level and above it are sections more often than parts of one."""


def version_in(heading: Heading) -> Version | None:
    """The version that a section so headed is on; None where the heading speaks of none.

    It reads ``1.2.0``, ``[v1.2.0] - 2026-11-22``, ``name 1.2.0 (2026-11-22)``, ``name@1.2.0``
    and the like. A heading that goes on in words, as ``Python 3.12 support``, is none, unless
    it is of the upper levels and begins with the version.
    """
    words = heading.title.split()
    read = ((*_read(word), number) for number, word in enumerate(words[:_MOST_WORDS]))
    found = min((f for f in read if f[1] is not None), key=lambda f: (f[0], f[2]), default=None)
    if found is None:
        return None
    _, version, number = found
    goes_on = number + 1 < len(words) and _GOES_ON.match(words[number + 1])
    return version if not goes_on or (number == 0 and heading.level <= _UPPER) else None


def leads_with_version(heading: Heading) -> bool:
    """Whether the heading begins with its version, so that it opens a section at any level."""
    return _LEADS.match(heading.title) is not None and version_in(heading) is not None


def is_section(heading: Heading) -> bool:
    """Whether the heading opens the section of a version or of a day."""
    return version_in(heading) is not None or _DATE.search(heading.title) is not None


def _read(word: str) -> tuple[int, Version | None]:
    """The version in `word`, behind how likely it is to be meant, the likeliest being 0.

    A version that has the word to itself is likelier than one behind a name, since names end
    in numbers too; one with dots is likelier than a number, which may be of a date.
    """
    bare = word.partition("](")[0].strip("[]*_`:,;.")
    if (version := read_version(bare)) is not None:
        return (0 if "." in bare else 1), version
    pieces = list(_SEPARATOR.finditer(bare))
    for separator in pieces:
        behind = read_version(bare[separator.end() :])
        if behind is not None and _GOES_ON.search(bare[: separator.start()]):
            return 2, behind
    return 3, None
