"""Pairs of a name and a word, in whatever way YAML lets one write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

import yaml
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from monorelease.formats.fragment_codes import mistake, quoted
from monorelease.formats.plain_pairs import Pair
from monorelease.model.finding import Finding
from monorelease.model.value import value

Pairs: TypeAlias = tuple[tuple[Pair, ...], tuple[Finding, ...]]

_DEEPEST = 8
"""Nothing here is nested, and what is nested deeply takes the reader quadratic time."""


def read_yaml(lines: Sequence[str], block: range, path: PurePosixPath) -> Pairs:
    """The pairs in the lines of `block`, and everything that is no such pair.

    Only YAML's events are looked at. No object is made of them: no tag can call anything, no
    alias can grow. The reader is the one in Python, which is the same on every machine.
    """
    sheet = _Sheet(path=path, top=block.start)
    text = "".join(f"{lines[number - 1]}\n" for number in block)
    pairs: list[Pair] = []
    findings: list[Finding] = []
    try:
        for item in _read_document(yaml.parse(text, Loader=yaml.SafeLoader), sheet):
            if isinstance(item, Pair):
                pairs.append(item)
            else:
                findings.append(item)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        row, words = _objection(error, text)
        findings.append(sheet.broken(words, row))
        # What begins where YAML gives up may have been misread.
        pairs = [pair for pair in pairs if pair.last < block.start + row]
    return tuple(pairs), tuple(findings)


def _objection(error: Exception, text: str) -> tuple[int, str]:
    """Where and why YAML gives up."""
    match error:
        case yaml.MarkedYAMLError(problem_mark=yaml.Mark() as mark):
            return mark.line, f"{error.problem}"
        case ReaderError():
            return text.count("\n", 0, error.position), f"U+{error.character:04X} is not allowed"
        case _:
            # PyYAML lets through what Python says of escapes beyond Unicode, or endless numbers.
            return 0, f"{error}"


@value
class _Sheet:
    """The file that findings are about; rows are YAML's, counted from 0 where the block begins."""

    path: PurePosixPath
    top: int

    def mistake(self, code: str, problem: str, row: int) -> Finding:
        return mistake(code, problem, path=self.path, line=self.top + row)

    def broken(self, problem: str, row: int) -> Finding:
        return self.mistake("front-matter-broken", f"broken front matter: {problem}", row)


def _read_document(events: Iterator[Event], sheet: _Sheet) -> Iterator[Pair | Finding]:
    next(events)  # the stream begins
    if isinstance(next(events), StreamEndEvent):
        return
    root = next(events)
    if not isinstance(root, MappingStartEvent) or _is_dressed(root):
        yield _no_mapping(root, sheet)
        return
    children = _children(events)
    for key in children:
        yield _read_pair(key, next(children), sheet)
    next(events)  # the document ends
    end = next(events)
    if not isinstance(end, StreamEndEvent):
        yield sheet.broken("there is a second document", _row(end))


def _no_mapping(root: Event, sheet: _Sheet) -> Finding:
    if _is_dressed(root):
        problem = "the front matter has an anchor, an alias or a tag"
        return sheet.mistake("front-matter-unsafe", problem, _row(root))
    noun = "a single word" if isinstance(root, ScalarEvent) else "a list"
    problem = f"the front matter is {noun}, not a table of packages and bumps"
    return sheet.mistake("front-matter-not-mapping", problem, _row(root))


def _children(events: Iterator[Event]) -> Iterator[Event]:
    """What stands directly in the collection just begun, up to its end."""
    depth = 0
    for event in events:
        if isinstance(event, CollectionEndEvent):
            if depth == 0:
                return
            depth -= 1
            continue
        if depth == 0:
            yield event
        depth += isinstance(event, CollectionStartEvent)
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")


def _read_pair(key: Event, value: Event, sheet: _Sheet) -> Pair | Finding:
    row = _row(key)
    if _is_dressed(key) or _is_dressed(value):
        problem = "there is an anchor, an alias or a tag in the front matter"
        return sheet.mistake("front-matter-unsafe", problem, row)
    if not isinstance(key, ScalarEvent):
        return sheet.mistake("bad-name", "a list or a table is no package name", row)
    if not isinstance(value, ScalarEvent):
        return sheet.mistake(
            "bump-not-a-word", f"the bump of {quoted(key.value)} is not a word", row
        )
    return Pair(
        name=key.value,
        word=value.value,
        first=sheet.top + row,
        last=sheet.top + max(row, _last_row(value)),
    )


def _is_dressed(event: Event) -> bool:
    """Whether it is an alias, or has an anchor or a tag."""
    tag = event.tag if isinstance(event, (ScalarEvent, CollectionStartEvent)) else None
    return tag is not None or (isinstance(event, NodeEvent) and event.anchor is not None)


def _row(event: Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _last_row(event: Event) -> int:
    # What ends with a line break ends, for YAML, where the next line begins.
    mark = event.end_mark
    return mark.line - (mark.column == 0) if mark else 0
