"""What must not reach a changelog: characters for terminals, merge markers, unclosed code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_CONTROL = re.compile(
    # All of C0 and C1 but tab and line ends, and what splits lines or turns the direction of
    # writing, so that a text reads in a terminal and in a diff as it reads in the changelog.
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\r(?!\n)"
)
# Quotes and list bullets may stand before a fence, and text without backticks after it.
_FENCE = re.compile(
    r"[\s>]*(?P<bullets>(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(?P<fence>`{3,}|~{3,})(?P<rest>.*)"
)
_MARKER = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")


def control_character(text: str) -> tuple[int, str] | None:
    """The line and the code point of the first character that `text` must not have."""
    found = _CONTROL.search(text)
    if found is None:
        return None
    return text.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}"


def harmless(text: str) -> str:
    """The `text` with a replacement character for each control character."""
    return _CONTROL.sub("\ufffd", text)


def conflict_line(lines: Sequence[str]) -> int | None:
    """The line, counted from 1, of the first merge marker outside of code blocks."""
    markers = [
        (number, line)
        for number, line, opening in _with_code(lines)
        if not opening and _MARKER.match(line)
    ]
    if any(line[0] in "<>" for _, line in markers):
        return markers[0][0]
    # Equals signs below a paragraph make it a heading; there is none below a blank line.
    separators = (number for number, line in markers if line[0] == "=")
    return next((n for n in separators if n == 1 or not lines[n - 2].strip()), None)


def open_fence(lines: Sequence[str]) -> int | None:
    """The line, counted from 1, at which a code block begins that never ends."""
    *_, (_, _, opening) = _with_code((*lines, ""))
    return opening or None


def _with_code(lines: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Each line with its number, and the number of the line that began its code block, or 0."""
    opening, fence = 0, ""
    for number, line in enumerate(lines, 1):
        found = _FENCE.match(line)
        if opening:
            yield number, line, opening
            if found and _closes(found, fence):
                opening = 0
        elif found and _opens(found):
            opening, fence = number, found["fence"]
            yield number, line, opening
        else:
            yield number, line, 0


def _opens(found: re.Match[str]) -> bool:
    """Whether it is a fence rather than code within a line."""
    return found["fence"][0] == "~" or "`" not in found["rest"]


def _closes(found: re.Match[str], fence: str) -> bool:
    """Whether it ends what `fence` began: the same sign, at least as often, nothing else."""
    alone = not found["bullets"] and not found["rest"].strip()
    return alone and found["fence"].startswith(fence)
