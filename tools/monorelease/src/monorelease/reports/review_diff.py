"""A file's unified diff as HTML, with the words marked in which two lines differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from monorelease.model.patch import FileEdit, Patch
from monorelease.reports.diff import diff_text
from monorelease.reports.review_markup import Html, element, joined, lines, text

MOST = 400
"""Lines of one file that are shown; a lock file may have thousands."""

_FATES = {(True, False): "new", (False, True): "removed", (False, False): ""}

_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)
_SIGNS = {"-": "del", "+": "ins", "@": "at", "\\": "at"}


def file_html(edit: FileEdit, *, is_open: bool = False) -> Html:
    """The file's name and how many lines come and go; unfolded, the lines themselves.

    They stand between their neighbours. Where lines are replaced by as many others, the words
    are marked that differ; no word is cut.
    """
    body = diff_text(Patch(edits=(edit,))).split("\n")[2:-1]
    come, gone = (sum(line[0] == sign for line in body) for sign in "+-")
    fate = _FATES[edit.before is None, edit.after is None]
    told = [
        element("code", text(str(edit.path))),
        *[element("span", text(fate), class_="quiet")] * bool(fate),
        element("span", text(f"+{come}"), class_="come"),
        element("span", text(f"-{gone}"), class_="gone"),
    ]
    summary = element("summary", joined(told, " "))
    return element("details", summary, _lines(body), class_="file", open=is_open)


def _lines(body: Sequence[str]) -> Html:
    if not body:
        return element("p", text("The file is empty."), class_="quiet")
    parts = [each for block in _blocks(body[:MOST]) for each in _block(block)]
    if len(body) > MOST:
        parts.append(_line("at", "…", text(f" {len(body) - MOST:,} more lines")))
    return element("pre", element("code", *parts), class_="diff")


def _blocks(body: Sequence[str]) -> Iterator[list[str]]:
    """Lines that go and those that come in their place; every other line alone."""
    block = [body[0]]
    for line in body[1:]:
        if block[-1][0] + line[0] not in {"--", "-+", "++"}:
            yield block
            block = []
        block.append(line)
    yield block


def _block(block: Sequence[str]) -> Iterator[Html]:
    gone = [line[1:] for line in block if line[0] == "-"]
    come = [line[1:] for line in block if line[0] == "+"]
    if len(gone) == len(come) and gone:
        compared = [_compared(old, new) for old, new in zip(gone, come, strict=True)]
        yield from (_line("del", "-", old) for old, _ in compared)
        yield from (_line("ins", "+", new) for _, new in compared)
    else:
        yield from (_line(_SIGNS.get(line[0], "same"), line[0], lines(line[1:])) for line in block)


def _compared(old: str, new: str) -> tuple[Html, Html]:
    """Both lines, with all marked between the words that they begin and end with alike."""
    words = _WORD.findall(old), _WORD.findall(new)
    before = _alike(*words)
    after = _alike(*(each[before:][::-1] for each in words))
    if before + after == 0:
        return lines(old), lines(new)
    first, second = (_marked(each, before, len(each) - after) for each in words)
    return first, second


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _marked(words: Sequence[str], begin: int, end: int) -> Html:
    middle = lines("".join(words[begin:end]))
    marked = element("mark", middle) if middle else middle
    return joined((lines("".join(words[:begin])), marked, lines("".join(words[end:]))))


def _line(kind: str, sign: str, inside: Html) -> Html:
    return element("span", text(sign), inside, Html("\n"), class_=kind)
