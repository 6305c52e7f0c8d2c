"""Words from anybody, made fit for a fragment: they pass `check`, and swallow nothing."""

from __future__ import annotations

import re

from monorelease.formats.fragment_prose import conflict_line, harmless, open_fence

_LONGEST = 4_000
"""Characters; who has more to say links to it."""

_FENCE = re.compile(r"(?=`{3}|~{3})")
_UNSEEN = re.compile("[\ufeff\ufffd]")
"""A mark of the byte order that somebody pasted, and what stands for control characters."""

_PLAIN_WORD = re.compile(r"[a-z]+(?:['\u2019-][a-z]+)*(?=[\s,:;?!]|\.?$)")
_UNENDED = re.compile(r"[\w)\]`'\"\u2019\u201d*]\Z")


def tame(text: str) -> str:
    """`text` without control characters, and with merge markers and open code blocks disarmed.

    Harmless text comes back as it is, apart from blanks around it.
    """
    whole = text.encode("utf-8", "replace").decode().replace("\r\n", "\n")
    lines = _UNSEEN.sub("", harmless(whole)).strip().split("\n")
    while number := open_fence(lines):
        lines[number - 1] = _FENCE.sub(r"\\", lines[number - 1], count=1)
    while number := conflict_line(lines):
        lines[number - 1] = f"\\{lines[number - 1]}"
    return "\n".join(lines)


def fit(text: str) -> str:
    """The same, and not endless either."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"
    return tame(short)


def sentence(text: str) -> str:
    """One line of words as a sentence: it begins with a capital, and ends with a full stop.

    A first word that may be a name in code or of a product (``iOS``, ``pyproject.toml``) stays.
    Scripts that know no capitals have full stops of their own, and get none.
    """
    words = " ".join(fit(text).split())
    if _PLAIN_WORD.match(words):
        words = words[0].upper() + words[1:]
    last = words[-1:]
    is_ours = last.isascii() or last.lower() != last.upper() or not last.isalpha()
    return f"{words}." if is_ours and _UNENDED.search(words) else words
