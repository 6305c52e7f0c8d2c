"""Where a word ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ALONE = (
    "\u3040-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
)
"""Scripts that are written without spaces between words."""


class WordSplitter:
    """Cuts a text where a word begins; the last one waits until another does."""

    def __init__(
        self, *, ignore_punctuation: bool, split_character: bool, retain_format: bool
    ) -> None:
        word = rf"[{_ALONE}]|[^\s{_ALONE}]+" if split_character else r"\S+"
        spaced = rf"(?:\A\s+)?(?:{word})\s*"
        self._token = re.compile(spaced if retain_format else word)
        start = rf"|(?<=[{_ALONE}])\S|(?<!\A)[{_ALONE}]" if split_character else ""
        self._start = re.compile(rf"(?<=\s)\S{start}")
        self._ignore_punctuation = ignore_punctuation
        self._waiting: list[str] = []
        self._last = ""

    def push(self, text: str) -> Iterator[str]:
        """The words after which another one has begun."""
        if not text:
            return
        # In what waits no second word begins: only the new text has to be looked through.
        seen, self._last = self._last + text, text[-1]
        starts = [found.start() - len(seen) + len(text) for found in self._start.finditer(seen)]
        self._waiting.append(text)
        if starts:
            known = "".join(self._waiting)
            whole, rest = known[: starts[-1] - len(text)], known[starts[-1] - len(text) :]
            if whole.strip():  # spaces before the first word are no word
                self._waiting = [rest]
                yield from self._cut(whole)

    def flush(self) -> Iterator[str]:
        """The last word."""
        rest, self._waiting, self._last = "".join(self._waiting), [], ""
        yield from self._cut(rest)

    def _cut(self, text: str) -> Iterator[str]:
        for found in self._token.finditer(text):
            word = _bare(found[0]) if self._ignore_punctuation else found[0]
            if word:
                yield word


def _bare(word: str) -> str:
    """Without the punctuation around it."""
    inside = [at for at, character in enumerate(word) if not _is_punctuation(character)]
    return word[inside[0] : inside[-1] + 1] if inside else ""


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P"
