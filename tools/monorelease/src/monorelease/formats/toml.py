"""TOML as a text to be changed: read it, find a value's place, replace one string and prove it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from monorelease.errors import EditFailed
from monorelease.formats.places import spelled
from monorelease.formats.text import BOM
from monorelease.formats.toml_layout import Span, read_layout
from monorelease.model.finding import Finding, TomlKey

TomlTable = Mapping[str, object]
"""A parsed document, or a table in one."""


def parse(text: str) -> dict[str, Any]:
    """The data of a document; a byte order mark may stand first.

    Raises:
        ValueError: when it is not TOML, or nested too deeply to be read
            (`bad_toml` says it to a person).
    """
    try:
        data = tomllib.loads(text.removeprefix(BOM))
        if _LONG_NUMBER.search(text):
            repr(data)  # Python reads numbers of this base in any length, and writes few digits
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return data


_LONG_NUMBER = re.compile(r"0[xob][0-9A-Fa-f_]{3000}")


def bad_toml(path: PurePosixPath, error: ValueError) -> Finding:
    """What to tell a person of an `error` that `parse` raised for the file at `path`."""
    place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
    return Finding(
        code="bad-toml",
        problem=f"not a TOML document: {error}",
        hint="see https://toml.io for the format",
        path=path,
        line=int(place[1]) if place else None,
    )


def table_at(data: TomlTable, *names: str) -> TomlTable:
    """The table that stands at `names`; an empty one where there is none, or no table."""
    table: object = data
    for name in names:
        table = table.get(name) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def spans(text: str) -> dict[TomlKey, Span]:
    """Where the literal of every string value stands, quotes included, in document order.

    Args:
        text: a document that `parse` accepts.

    Returns:
        begin and end in characters, by key.

    Raises:
        ValueError: when `text` is not TOML.
    """
    return read_layout(text).strings


def line_of(text: str, key: TomlKey) -> int | None:
    """The line, counted from 1, of the value or table at `key`.

    Where there is none, the line of the nearest value or header around it; None when there
    is not even that, or `text` is not TOML.
    """
    try:
        layout = read_layout(text)
    except (ValueError, RecursionError):
        return None
    places = layout.starts | {at: begin for at, (begin, _) in layout.strings.items()}
    while key and key not in places:
        key = key[:-1]
    return text.count("\n", 0, places[key]) + 1 if key else None


def edit(text: str, changes: Mapping[TomlKey, str], *, path: PurePosixPath | None = None) -> str:
    """`text` with the string values at `changes` replaced, and not one other character moved.

    Each new literal keeps its old one's quotes where they can hold the new value. The result
    is parsed again: it has to say what `text` said, the changes apart.

    Args:
        text: a whole document; newlines and a byte order mark stay as they are.
        changes: the new value of each string, by key.
        path: what to call the document in an error.

    Raises:
        EditFailed: when there is no string at a key, or the proof fails.
    """
    try:
        wanted, places = _parse_exactly(text), spans(text)
        for key, value in changes.items():
            if key not in places:
                raise _refusal(f"there is no string at {spelled(key)}", path)
            _assign(wanted, key, value)
        edited = _replace(text, {places[key]: value for key, value in changes.items()})
        if _parse_exactly(edited) == wanted:
            return edited
    except (ValueError, RecursionError) as error:
        raise _refusal(f"it cannot be read: {error}", path) from error
    raise _refusal(f"replacing {', '.join(map(spelled, changes))} changes more than that", path)


def _parse_exactly(text: str) -> dict[str, Any]:
    # Floats stay as they are spelled: nan is not equal to itself, and -0.0 is equal to 0.0.
    return tomllib.loads(text.removeprefix(BOM), parse_float=lambda spelling: (spelling,))


def _refusal(problem: str, path: PurePosixPath | None) -> EditFailed:
    return EditFailed(
        f"this TOML document was not edited: {problem}",
        where=str(path or ""),
        hint="make the change by hand, then run the command again",
    )


def _assign(document: dict[str, Any], key: TomlKey, value: str) -> None:
    *parents, last = key
    place: Any = document
    for step in parents:
        place = place[step]
    place[last] = value


def _replace(text: str, values: Mapping[Span, str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces, done = [], 0
    for (begin, end), value in sorted(values.items()):
        pieces += [text[done:begin], _respell(text[begin:end], value, newline)]
        done = end
    return "".join([*pieces, text[done:]])


def _respell(literal: str, value: str, newline: str) -> str:
    """A literal for `value` that looks like the old `literal`, as far as its quotes allow."""
    for quotes in ("'''", '"""'):
        if literal.startswith(quotes):
            opening = quotes + newline if literal[3:4] in {"\r", "\n"} else quotes
            return _spell_lines(opening, quotes, value, newline)
    if literal.startswith("'") and not _NOT_LITERAL.search(value):
        return f"'{value}'"
    return f'"{_escape(value)}"'


# What cannot stand between single quotes, and what has to be escaped between double ones.
_NOT_LITERAL = re.compile(r"['\x00-\x08\x0a-\x1f\x7f]")
_NOT_BASIC = re.compile(r'["\\\x00-\x08\x0a-\x1f\x7f]')
_NOT_LINES = re.compile(r"'''|'\Z|[\x00-\x08\x0b-\x1f\x7f]")
_NOT_BASIC_LINES = re.compile(r'"(?="")|"\Z|[\\\x00-\x08\x0b-\x1f\x7f]')


def _spell_lines(opening: str, quotes: str, value: str, newline: str) -> str:
    if value.startswith("\n") and opening == quotes:
        # The first newline after the quotes is not a part of the value.
        opening += newline
    if quotes == "'''" and not _NOT_LINES.search(value):
        return opening + value.replace("\n", newline) + quotes
    body = _NOT_BASIC_LINES.sub(_escape_match, value).replace("\n", newline)
    return opening.replace("'", '"') + body + '"""'


def _escape(value: str) -> str:
    return _NOT_BASIC.sub(_escape_match, value)


def _escape_match(match: re.Match[str]) -> str:
    character = match[0]
    short = _SHORT_ESCAPES.get(character)
    return f"\\{short}" if short else f"\\u{ord(character):04x}"


_SHORT_ESCAPES = {"\b": "b", "\n": "n", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}
