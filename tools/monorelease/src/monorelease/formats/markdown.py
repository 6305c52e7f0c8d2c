"""Markdown's blocks, as far as changelogs need them: where code is, and where headings are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monorelease.model.value import value

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?=(?P<gap> *))(?:(?P=gap)(?<= )|$)")
_FENCE = re.compile(r"(?:`{3,}(?=[^`]*$)|~{3,})")
_MARKED = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
CODE = 4
"""Columns of indentation from which a line is code, not a fence or an item."""
_DEEPEST = 6


@value
class Scan:
    """A text's lines, and what of them is not prose."""

    lines: tuple[str, ...]
    verbatim: tuple[bool, ...]
    """For each line, whether it belongs to fenced code or to an HTML comment."""
    columns: tuple[int, ...]
    """For each line, where the text of the list item begins that it belongs to; 0 for none."""
    unclosed: str
    """The line that would end the code or comment left open at the end; empty for none."""


@value
class Heading:
    """A heading outside of code, comments and lists."""

    line: int
    """Counted from 0."""
    level: int
    title: str
    height: int = 1
    """How many lines it has: two where it is underlined."""


@value
class _Open:
    """Code or a comment that has begun: where its container begins, and what ends it."""

    column: int
    closing: str
    end: re.Pattern[str]


def plain(text: str) -> str:
    """`text` with line feeds alone for newlines, and nothing in it that steers a terminal."""
    return _STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def scan(text: str) -> Scan:
    """The lines of `text`, separated by line feeds, by CommonMark's rules.

    List items are followed, since code in one ends with it; one that goes on without being
    indented is taken to have ended. Quotes are not looked into.
    """
    lines = text.split("\n")
    verbatim: list[bool] = []
    columns: list[int] = []
    items = [0]
    opened: _Open | None = None
    for line in lines:
        spaced = line.expandtabs(CODE)
        body = spaced.lstrip(" ")
        indent = len(spaced) - len(body)
        if opened and body and indent < opened.column:
            opened = None
        if opened:
            verbatim.append(True)
            opened = None if opened.end.match(spaced[opened.column :]) else opened
        elif body:
            depth, body = _enter(items, indent, body)
            begins, opened = _begin(items[-1], depth, body)
            verbatim.append(begins)
        else:
            verbatim.append(False)
        columns.append(items[-1])
    return Scan(
        lines=tuple(lines),
        verbatim=tuple(verbatim),
        columns=tuple(columns),
        unclosed=" " * opened.column + opened.closing if opened else "",
    )


def headings(text: str) -> Iterator[Heading]:
    """The headings of `text`, marked or underlined, top to bottom; but none in a list."""
    found = scan(text)
    for number, line in enumerate(found.lines):
        if found.verbatim[number] or found.columns[number] or not line.strip():
            continue
        if marked := _MARKED.match(line):
            title = _without_closing_marks(line[marked.end() :].strip())
            yield Heading(line=number, level=len(marked[1]), title=title)
        elif underline := _underline(found, number):
            level = 1 if underline == "=" else 2
            yield Heading(line=number, level=level, title=line.strip(), height=2)


def demote(text: str, levels: int) -> str:
    """`text` with each marked heading that many levels deeper, six being the deepest."""
    lines = text.split("\n")
    for heading in headings(text):
        if heading.height == 1:
            marks = "#" * min(heading.level + levels, _DEEPEST)
            lines[heading.line] = f"{marks} {heading.title}".rstrip()
    return "\n".join(lines)


def close(text: str) -> str:
    """`text`, and the end of the code or comment that it leaves open."""
    unclosed = scan(text).unclosed
    return f"{text}\n{unclosed}" if unclosed else text


def _enter(items: list[int], indent: int, body: str) -> tuple[int, str]:
    """Leave the list items that end before this line, and enter those that begin on it.

    Args:
        items: where the text of each item begins, outermost first; after a 0 for no item.
        indent: of the line.
        body: the line without it.

    Returns:
        How far what remains of the line is indented in its item, and what remains.
    """
    while indent < items[-1]:
        items.pop()
    column = indent
    while column - items[-1] < CODE and (item := _ITEM.match(body)):
        gap = len(item["gap"])
        end = column + item.end() - gap
        rest = body[item.end() :]
        items.append(end + (gap if rest and gap <= CODE else 1))
        column, body = end + gap, rest
    return column - items[-1], body


def _begin(container: int, depth: int, body: str) -> tuple[bool, _Open | None]:
    """Whether code or a comment begins with `body`, and which, if it does not end at once."""
    if depth >= CODE:
        return False, None
    if fence := _FENCE.match(body):
        marks = fence[0]
        end = re.compile(rf" {{0,3}}{marks}{marks[0]}*[ \t]*$")
        return True, _Open(column=container, closing=marks, end=end)
    if body.startswith("<!--"):
        is_open = "-->" not in body
        comment = _Open(column=container, closing="-->", end=re.compile(r".*-->"))
        return True, comment if is_open else None
    return False, None


def _without_closing_marks(title: str) -> str:
    bare = title.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else title


def _underline(found: Scan, number: int) -> str:
    """With what the line is underlined, so that it is a heading: ``=``, ``-`` or nothing."""
    line, below = found.lines[number], "\n".join(found.lines[number + 1 : number + 2])
    is_paragraph = re.match(r" {0,3}[\w\[*`(]", line) is not None
    if not is_paragraph or not _UNDERLINE.fullmatch(below) or _ITEM.match(line):
        return ""
    return below.strip()[0]
