"""What servers answer in JSON, taken apart field by field: nothing is believed unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

MOST_TEXT = 1_000_000
"""Characters in one text; forges take far less of them from people."""

MOST_ITEMS = 10_000
"""Items in one list."""

_LARGEST_NUMBER = 2**63


class BadAnswer(ValueError):
    """An answer that is not what it should be; says which field is what."""


class Record:
    """An object of an answer, and where in the answer it stands."""

    def __init__(self, fields: Mapping[str, object], place: str) -> None:
        self._fields = fields
        self._place = place

    @classmethod
    def parse(cls, answer: object, place: str) -> Self:
        """The object that an answer, called `place` in errors, should be.

        Raises:
            BadAnswer: it is another thing.
        """
        if not isinstance(answer, dict):
            raise BadAnswer(f"{place} is {_kind(answer)}, and should be an object")
        return cls(answer, place)

    def __contains__(self, name: str) -> bool:
        """Whether the field is there, and not null."""
        return self._fields.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A text, as Unicode has it: half a character that JSON can hold is replaced.

        Raises:
            BadAnswer: it is another thing, or too long; or null or missing, without a `default`.
        """
        found = self._fields.get(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, str):
            raise self._bad(name, "text")
        if len(found) > MOST_TEXT:
            raise BadAnswer(f"{self._named(name)} has more than {MOST_TEXT} characters")
        return found.encode("utf-8", "replace").decode()

    def number(self, name: str) -> int:
        """A whole number that is not negative.

        Raises:
            BadAnswer: it is another thing.
        """
        found = self._fields.get(name)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        if not is_number or not 0 <= found < _LARGEST_NUMBER:  # type: ignore[operator]
            raise self._bad(name, "a whole number")
        return found  # type: ignore[return-value]

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """True or false.

        Raises:
            BadAnswer: it is another thing; or null or missing, without a `default`.
        """
        found = self._fields.get(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, bool):
            raise self._bad(name, "true or false")
        return found

    def record(self, name: str) -> Record:
        """An object within.

        Raises:
            BadAnswer: it is another thing.
        """
        found = self._fields.get(name)
        if not isinstance(found, dict):
            raise self._bad(name, "an object")
        return Record(found, self._named(name))

    def maybe(self, name: str) -> Record | None:
        """An object within, or None where there is none.

        Raises:
            BadAnswer: it is another thing.
        """
        return self.record(name) if name in self else None

    def records(self, name: str) -> tuple[Record, ...]:
        """A list of objects.

        Raises:
            BadAnswer: it is another thing, or too long.
        """
        items = self._items(name)
        return tuple(Record.parse(item, f"{self._named(name)}[{n}]") for n, item in items)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts.

        Raises:
            BadAnswer: it is another thing, or too long.
        """
        place = self._named(name)
        fields = {f"[{n}]": item for n, item in self._items(name)}
        return tuple(Record(fields, place).text(key) for key in fields)

    def _items(self, name: str) -> Sequence[tuple[int, object]]:
        found = self._fields.get(name)
        if not isinstance(found, list):
            raise self._bad(name, "a list")
        if len(found) > MOST_ITEMS:
            raise BadAnswer(f"{self._named(name)} has more than {MOST_ITEMS} items")
        return tuple(enumerate(found))

    def _bad(self, name: str, wanted: str) -> BadAnswer:
        found = _kind(self._fields[name]) if name in self._fields else "missing"
        return BadAnswer(f"{self._named(name)} is {found}, and should be {wanted}")

    def _named(self, name: str) -> str:
        return f"{self._place}{name}" if name.startswith("[") else f"{self._place}.{name}"


def parse_json(body: bytes) -> object:
    """Whatever JSON value these bytes are.

    Raises:
        BadAnswer: they are none, or it is nested too deeply.
    """
    import json

    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"the answer is {_looks_like(body)}, and should be JSON") from error
    return answer


def _looks_like(body: bytes) -> str:
    start = body[:1000].lstrip()
    if not start:
        return "empty"
    return "a web page" if start.startswith(b"<") else "no JSON that can be read"


def _kind(found: object) -> str:
    match found:
        case None:
            return "null"
        case bool():
            return str(found).lower()
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"
