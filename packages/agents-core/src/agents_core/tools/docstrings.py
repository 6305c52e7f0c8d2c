"""What a docstring in Google's style says of a function and its parameters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_SECTION = re.compile(r"(?P<name>[A-Z][A-Za-z ]*):\s*$")
_ARGUMENT = re.compile(r"\*{0,2}(?P<name>\w+)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)$")
_ARGUMENTS = frozenset({"Args", "Arguments", "Parameters"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Docstring:
    """What it says."""

    summary: str
    """All before the first section."""
    arguments: Mapping[str, str]
    """What it says of each parameter, in one line."""


def read_docstring(function: Callable[..., Any]) -> Docstring:
    """What the docstring of `function` says; nothing where there is none."""
    before: list[str] = []
    sections: dict[str, list[str]] = {}
    lines = before
    for line in (inspect.getdoc(function) or "").splitlines():
        if section := _SECTION.match(line):
            lines = sections.setdefault(section["name"], [])
        else:
            lines.append(line)
    arguments = (read for name in _ARGUMENTS for read in _read_arguments(sections.get(name, ())))
    return Docstring(summary="\n".join(before).strip(), arguments=dict(arguments))


def _read_arguments(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Pairs of name and text; lines that are indented deeper than the first one continue it."""
    indented = [(len(line) - len(line.lstrip()), line.strip()) for line in lines if line.strip()]
    margin = indented[0][0] if indented else 0
    name, text = "", ""
    for indent, line in indented:
        argument = _ARGUMENT.match(line) if indent <= margin else None
        if argument:
            yield from ((name, text),) if name else ()
            name, text = argument["name"], argument["text"]
        else:
            text = f"{text} {line}".strip()
    if name:
        yield name, text
