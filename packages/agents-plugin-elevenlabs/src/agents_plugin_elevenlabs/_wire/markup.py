"""SSML that is not torn apart: what is inside a tag is sent with the whole of it."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)[a-zA-Z][^<>]*?(/?)>")
_HALF = re.compile(r"<[a-zA-Z/][^<>]*\Z")


class Markup:
    """Joins pieces of a text until no tag in them is open."""

    def __init__(self) -> None:
        self._waiting = ""

    def push(self, piece: str) -> str:
        """What can be sent with `piece`; empty while a tag is open."""
        joined = f"{self._waiting} {piece}".lstrip()
        self._waiting = joined if _is_open(joined) else ""
        return "" if self._waiting else joined

    def flush(self) -> str:
        """What waited for the end of a tag that never came."""
        rest, self._waiting = self._waiting, ""
        return rest


def _is_open(text: str) -> bool:
    depth = sum(-1 if ends else not alone for ends, alone in _TAG.findall(text))
    return depth > 0 or _HALF.search(text) is not None
