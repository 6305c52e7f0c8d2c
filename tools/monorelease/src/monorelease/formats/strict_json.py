"""JSON from whoever made it, read strictly: every value is one that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

_SHOWN = 60

T = TypeVar("T")
Read = Callable[[object], T]
"""Makes a value of ours of one of JSON's; raises ValueError where it is another one."""


def parse_strictly(data: bytes, largest: int) -> object:
    """The JSON value that `data` is, no larger than so many bytes; no name in it comes twice.

    Raises:
        ValueError: it is none.
    """
    import json

    if len(data) > largest:
        raise ValueError(f"it has more than {largest:,} bytes")
    try:
        value: object = json.loads(data, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError("it is not JSON") from None
    return value


class Fields:
    """An object's fields, each of which is taken out once."""

    def __init__(self, found: object, what: str) -> None:
        self._fields = dict(kind_of(dict, "an object")(found))
        self._what = what

    def take(self, name: str, read: Read[T]) -> T:
        """The field `name`, read with `read`.

        Raises:
            ValueError: it is not there, or is something else.
        """
        if name not in self._fields:
            raise ValueError(f"{self._what} has no {name!r}")
        try:
            return read(self._fields.pop(name))
        except ValueError as error:
            raise ValueError(f"{name!r} of {self._what}: {error}") from error

    def demand_empty(self) -> None:
        """Nothing is left that nobody has asked for.

        Raises:
            ValueError: something is.
        """
        if self._fields:
            raise ValueError(f"{self._what} should have no {shown(next(iter(self._fields)))}")


def kind_of(kind: type[T], what: str) -> Read[T]:
    """Reads what is of this very type, which errors call `what`."""

    def read(found: object) -> T:
        if type(found) is not kind:  # True is an int, otherwise
            raise ValueError(f"{shown(found)} is not {what}")
        return found

    return read


def text_that(what: str, is_one: Callable[[str], object]) -> Read[str]:
    """Reads a text that `is_one` of those which errors call `what`."""

    def read(found: object) -> str:
        text = kind_of(str, "a text")(found)
        if not is_one(text):
            raise ValueError(f"{shown(text)} is not {what}")
        return text

    return read


def tuple_of(read: Read[T], most: int) -> Read[tuple[T, ...]]:
    """Reads a list of no more than so many items, each with `read`."""

    def read_all(found: object) -> tuple[T, ...]:
        items = kind_of(list, "a list")(found)
        if len(items) > most:
            raise ValueError(f"there are more than {most:,}")
        return tuple(read(item) for item in items)

    return read_all


def shown(found: object) -> str:
    """What it is, briefly; nothing in it steers a terminal."""
    if isinstance(found, list | dict):
        return "a list" if isinstance(found, list) else "an object"
    text = repr(found)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object none of whose names comes twice: readers differ in which one they believe."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("it says something twice")
    return fields
