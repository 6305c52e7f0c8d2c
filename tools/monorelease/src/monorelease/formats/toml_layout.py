"""Where every value of a TOML document stands in its text."""

from __future__ import annotations

import re
import tomllib

from monorelease.formats.text import BOM
from monorelease.model.finding import TomlKey
from monorelease.model.value import value

Span = tuple[int, int]
"""Where a piece of text begins and ends, in characters."""


@value
class Layout:
    """The places of a document's values and headers, in characters from its beginning."""

    strings: dict[TomlKey, Span]
    """The literal of every string value, quotes included."""
    starts: dict[TomlKey, int]
    """Where each value begins that is no string, and each table header."""


def read_layout(text: str) -> Layout:
    """The layout of a document that `tomllib` accepts; a byte order mark may stand first.

    Raises:
        ValueError: when `text` turns out not to be TOML. Do not count on that: only
            `tomllib` tells good documents from bad ones.
    """
    scanner = _Scanner(text)
    scanner.read_document()
    return scanner.layout


# No possessive groups: in the first releases of Python 3.11 they match wrongly. What is scanned
# is valid TOML, so that no alternative is ever tried in vain.
_BLANKS = re.compile(r"[ \t]*")
_TRIVIA = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]+|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']+|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]+|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
# One blank may stand inside a scalar: 1979-05-27 07:32:00.
_SCALAR = re.compile(r"[^\s,#\]}]+(?:[ ]\d[^\s,#\]}]*)?")


class _Scanner:
    """One walk through a document. Every method takes a position and returns the next one."""

    __slots__ = ("_newest", "_text", "layout")

    def __init__(self, text: str) -> None:
        self._text = text
        # For each array of tables that was opened with [[…]]: the index of its last element.
        self._newest: dict[TomlKey, int] = {}
        self.layout = Layout(strings={}, starts={})

    def read_document(self) -> None:
        text = self._text
        table: TomlKey = ()
        position = self._skip(_TRIVIA, 1 if text.startswith(BOM) else 0)
        while position < len(text):
            if text[position] == "[":
                table, position = self._read_header(position)
            else:
                position = self._read_pair(table, position)
            position = self._skip(_TRIVIA, position)

    def _read_header(self, position: int) -> tuple[TomlKey, int]:
        opens_element = self._text.startswith("[[", position)
        bracket = "]]" if opens_element else "]"
        names, end = self._read_key(position + len(bracket))
        *parents, last = names
        table = (*self._resolve(parents), last)
        if opens_element:
            self.layout.starts.setdefault(table, position)
            self._newest[table] = self._newest.get(table, -1) + 1
            table = (*table, self._newest[table])
        self.layout.starts[table] = position
        return table, self._expect(bracket, end)

    def _resolve(self, names: list[str]) -> TomlKey:
        """In a header, the name of an array of tables means its newest element."""
        table: TomlKey = ()
        for name in names:
            table = (*table, name)
            if table in self._newest:
                table = (*table, self._newest[table])
        return table

    def _read_pair(self, table: TomlKey, position: int) -> int:
        names, position = self._read_key(position)
        position = self._skip(_BLANKS, self._expect("=", position))
        return self._read_value((*table, *names), position)

    def _read_key(self, position: int) -> tuple[list[str], int]:
        text, names = self._text, []
        while True:
            position = self._skip(_BLANKS, position)
            quoted = text.startswith(('"', "'"), position)
            end = self._skip(_STRING if quoted else _BARE_KEY, position)
            names.append(_unquote(text[position:end]) if quoted else text[position:end])
            position = self._skip(_BLANKS, end)
            if not text.startswith(".", position):
                return names, position
            position += 1

    def _read_value(self, key: TomlKey, position: int) -> int:
        text = self._text
        if text.startswith(('"', "'"), position):
            end = self._skip(_STRING, position)
            self.layout.strings[key] = position, end
            return end
        self.layout.starts[key] = position
        if text.startswith("[", position):
            return self._read_array(key, position + 1)
        if text.startswith("{", position):
            return self._read_inline_table(key, position + 1)
        return self._skip(_SCALAR, position)

    def _read_array(self, key: TomlKey, position: int) -> int:
        index = 0
        position = self._skip(_TRIVIA, position)
        while not self._text.startswith("]", position):
            position = self._read_value((*key, index), position)
            position = self._skip_comma(position)
            index += 1
        return position + 1

    def _read_inline_table(self, key: TomlKey, position: int) -> int:
        position = self._skip(_TRIVIA, position)
        while not self._text.startswith("}", position):
            position = self._read_pair(key, position)
            position = self._skip_comma(position)
        return position + 1

    def _skip_comma(self, position: int) -> int:
        position = self._skip(_TRIVIA, position)
        if self._text.startswith(",", position):
            position = self._skip(_TRIVIA, position + 1)
        return position

    def _expect(self, mark: str, position: int) -> int:
        if not self._text.startswith(mark, position):
            raise ValueError(f"no {mark!r} at character {position}")
        return position + len(mark)

    def _skip(self, pattern: re.Pattern[str], position: int) -> int:
        match = pattern.match(self._text, position)
        if match is None:
            raise ValueError(f"not TOML at character {position}")
        return match.end()


def _unquote(literal: str) -> str:
    if "\\" not in literal:
        return literal[1:-1]
    value: str = tomllib.loads(f"key = {literal}")["key"]
    return value
