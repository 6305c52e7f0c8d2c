"""A requirement taken apart around its constraint: as PEP 508 writes it, as Poetry does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.model.constraint import Constraint, Dialect
from monorelease.model.finding import TomlKey
from monorelease.model.workspace import DependencyKind


class Parts(NamedTuple):
    """A literal in three pieces: prefix, the constraint's text and suffix, joined, are it."""

    prefix: str
    constraint: Constraint | None
    """None for a direct reference; then all of the literal is prefix."""
    suffix: str


class Entry(NamedTuple):
    """One requirement as found in a table, not yet taken apart."""

    on: NormalizedName
    kind: DependencyKind
    table: TomlKey
    key: TomlKey
    """Of its literal."""
    literal: str
    split: Callable[[str], Parts]
    """What takes the literal apart, or raises ValueError."""


_NAME = re.compile(r"[ \t]*+([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_EXTRAS = re.compile(r"[ \t]*+\[[^\]]*+\]")


def leading_name(literal: str) -> NormalizedName | None:
    """The name that `literal` begins with; None where it begins with no name (``-e .``)."""
    match = _NAME.match(literal)
    return canonicalize_name(match[1]) if match else None


def split_requirement(literal: str) -> Parts:
    """The parts of a requirement such as ``agents-core[vad] >=1,<2 ; python_version<'3.12'``.

    Parentheses, the marker and the blanks around the constraint go to prefix and suffix: a
    new constraint can stand where the old one did, or where there was none.

    Raises:
        ValueError: when `literal` is no requirement.
    """
    if not _PLAIN.fullmatch(literal) and _leads_to_url(literal):
        return split_reference(literal)
    start = _end(_EXTRAS, literal, _end(_NAME, literal, 0))
    body = literal[start:].partition(";")[0]
    text = body.strip()
    if text.startswith("("):
        text = text[1:-1].strip()
    # The text may be empty: it is looked for behind the parenthesis, if there is one.
    begin = start + body.index(text, body.find("(") + 1)
    return Parts(literal[:begin], Constraint.parse(text), literal[begin + len(text) :])


_CLAUSE = r"(?:[<>=!~]=|===|[<>])[ \t]*+[^\s,;()<>=~]++[ \t]*+"
# A name, extras and a constraint: nothing that only a full parser of markers could judge.
_PLAIN = re.compile(
    rf"{_NAME.pattern}(?:[ \t]*+\[[ \t]*+[\w-]++(?:[ \t]*+,[ \t]*+[\w-]++)*+[ \t]*+\])?+"
    rf"[ \t]*+(?:{_CLAUSE}(?:,[ \t]*+{_CLAUSE})*+)?+",
    re.ASCII,
)


def _leads_to_url(literal: str) -> bool:
    # Markers need a parser that takes a while to load, and most requirements have none.
    from packaging.requirements import Requirement

    return Requirement(literal).url is not None


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def split_poetry_range(literal: str) -> Parts:
    """The parts of one of Poetry's ranges: the constraint, and perhaps blanks around it.

    Raises:
        ValueError: when `literal` is no range that Poetry knows.
    """
    text = literal.strip()
    begin = literal.index(text)
    constraint = Constraint.parse(text, Dialect.POETRY)
    return Parts(literal[:begin], constraint, literal[begin + len(text) :])


def split_reference(literal: str) -> Parts:
    """The parts of what leads straight to a project: a path, a URL, ``name @ URL``."""
    return Parts(literal, None, "")
