"""Where a sentence ends, decided character by character."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from agents_core.tokenize.endings import CLOSERS, ENDERS, Ending

_INTERESTING = re.compile(rf"[{re.escape(ENDERS)}\n]")
_BEFORE_SPACE = frozenset(ENDERS + CLOSERS)
_BEFORE = 24
"""Characters before an ender that decide whether it ends something: longer than abbreviations."""


class SentenceSplitter:
    """Cuts a text into sentences; each character is looked at once, whatever the text.

    What is decided needs no more than the first character of what follows; so it makes no
    difference how the text is cut into pieces.
    """

    def __init__(self, *, shortest: int, context: int, retain_format: bool) -> None:
        """Begin.

        Args:
            shortest: characters that a token has, unless the text ends.
            context: characters that have to follow a token before it is handed on.
            retain_format: whether tokens keep the spaces around them.
        """
        self._shortest = shortest
        self._context = context
        self._retain_format = retain_format
        self._start()

    def push(self, text: str) -> Iterator[str]:
        """The sentences after which enough is known."""
        at = 0
        while at < len(text):
            ending = self._ending
            at = self._look(text, at, ending) if ending else self._skip(text, at)
        self._seen += len(text)
        yield from self._ready(self._seen - self._context)

    def flush(self) -> Iterator[str]:
        """The sentences that are left."""
        self._end_token()
        yield from self._ready(self._seen)
        self._start()

    def _start(self) -> None:
        self._ending: Ending | None = None
        """What stands at the end of what was seen; None where nothing can end there."""
        self._before = ""
        self._numbered = True
        self._token: list[str] = []
        self._length = 0
        """Of the token, without spaces around it."""
        self._spaces = 0
        """At the end of the token."""
        self._taken = 0
        self._seen = 0
        self._waiting: deque[tuple[str, int]] = deque()
        """Tokens, and where they end."""

    def _skip(self, text: str, at: int) -> int:
        """Take all that cannot end a sentence; returns where it stopped."""
        found = _INTERESTING.search(text, at)
        end = found.start() if found else len(text)
        plain = text[at:end]
        self._take(plain)
        self._numbered = self._numbered and not plain.strip("0123456789 \t")
        if found:
            self._ending = Ending(before=self._before, numbered=self._numbered)
        return end

    def _look(self, text: str, at: int, ending: Ending) -> int:
        """Take a character after which a sentence may end, or decide whether one did."""
        character = text[at]
        if character.isspace() or (not ending.spaced and character in _BEFORE_SPACE):
            ending.add(character)
            self._take(character)
            return at + 1
        if ending.ends_before(character):
            self._numbered = True
            if self._length >= self._shortest:
                self._end_token()
        self._ending = None
        return self._skip(text, at)

    def _take(self, piece: str) -> None:
        self._token.append(piece)
        self._taken += len(piece)
        self._before = (self._before + piece[-_BEFORE:])[-_BEFORE:]
        inner = piece.rstrip() if self._length else piece.strip()
        if inner:
            self._length += self._spaces + len(inner)
            self._spaces = len(piece) - len(piece.rstrip())
        elif self._length:
            self._spaces += len(piece)

    def _end_token(self) -> None:
        token = "".join(self._token)
        if self._length:
            self._waiting.append((token if self._retain_format else token.strip(), self._taken))
        self._token, self._length, self._spaces = [], 0, 0

    def _ready(self, known: int) -> Iterator[str]:
        while self._waiting and self._waiting[0][1] <= known:
            yield self._waiting.popleft()[0]
