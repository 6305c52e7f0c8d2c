"""A TOML table as a list of its keys: what each may be, its default, what it is for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import Generic, NamedTuple, TypeVar, cast

from monorelease.formats.kinds import Kind
from monorelease.formats.places import UNFIT, Place, Unfit
from monorelease.model.bump import Bump
from monorelease.model.guess import suggestion
from monorelease.model.value import value

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Key(NamedTuple, Generic[T_co]):
    """One key of a table: what it may be, what it is when missing, what it is for."""

    name: str
    kind: Kind[T_co]
    default: T_co
    """None or empty where there is nothing to tell of it."""
    doc: str = ""
    example: str = ""
    """A good value, written in TOML."""
    needed: bool = False
    """Whether the table is worth nothing without it."""


@value
class Fields:
    """The values of a table that were fit to be read."""

    values: Mapping[str, object]

    def __getitem__(self, key: Key[T]) -> T:
        """The value of `key`, or its default."""
        # A name's value was read by the key of that name, so it has that key's type.
        return cast("T", self.values.get(key.name, key.default))


class Table(NamedTuple, Generic[T_co]):
    """A table with known keys, all of which are read before `make` puts them together.

    `make` may raise ValueError for what no key alone can tell.
    """

    noun: str
    keys: tuple[Key[object], ...]
    make: Callable[[Fields], T_co]
    open: bool = False
    """Whether other keys are somebody else's business rather than mistakes."""
    is_whole: bool = False
    """Whether the table is worth nothing when one of its values is unfit."""

    def read(self, value: object, place: Place) -> T_co | Unfit:
        """See `Kind`."""
        if not isinstance(value, dict):
            return place.refuse_type(self.noun, value)
        values = {
            key.name: key.kind.read(value[key.name], _place_of(key, place))
            for key in self.keys
            if key.name in value
        }
        self._find_unknown(value, place)
        self._find_missing(value, place)
        fit = {name: read for name, read in values.items() if read is not UNFIT}
        if any(key.needed and key.name not in fit for key in self.keys):
            return UNFIT
        if self.is_whole and len(fit) < len(values):
            return UNFIT
        try:
            return self.make(Fields(values=fit))
        except ValueError as problem:
            return place.refuse("config-bad-value", str(problem))

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        return {
            "type": "object",
            "properties": {key.name: _key_schema(key) for key in self.keys},
            "required": [key.name for key in self.keys if key.needed],
            "additionalProperties": self.open,
        }

    def _find_unknown(self, table: Mapping[str, object], place: Place) -> None:
        known = [key.name for key in self.keys]
        for name in () if self.open else table:
            if name not in known:
                listed = f"the keys are: {', '.join(known)}"
                hint = suggestion(name, known, otherwise=listed)
                place.at(name).refuse("config-unknown-key", "is not a known key", hint=hint)

    def _find_missing(self, table: Mapping[str, object], place: Place) -> None:
        for key in self.keys:
            if key.needed and key.name not in table:
                hint = f"for example: {key.name} = {key.example}"
                place.refuse("config-missing-key", f"has no {key.name!r}", hint=hint)


def _place_of(key: Key[object], table: Place) -> Place:
    return table.at(key.name, example=key.example and f"{key.name} = {key.example}")


def _key_schema(key: Key[object]) -> dict[str, object]:
    # What is in a table has defaults of its own.
    unsaid = key.needed or key.default in (None, "") or isinstance(key.kind, Table)
    default = {} if unsaid else {"default": _written(key.default)}
    examples = {"examples": [tomllib.loads(f"x = {key.example}")["x"]]} if key.example else {}
    described = {"description": key.doc} if key.doc else {}
    return {**described, **key.kind.schema(), **default, **examples}


def _written(value: object) -> object:
    """A value of the model as one writes it in TOML (and JSON)."""
    match value:
        case Bump():
            return value.word
        case StrEnum():
            return value.value
        case PurePath():
            return str(value)
        case tuple():
            return [_written(item) for item in value]
        case Mapping():
            return {name: _written(item) for name, item in value.items()}
        case _:
            return value
