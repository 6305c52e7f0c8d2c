"""What a value in a TOML document may be: each kind reads it and describes itself to editors."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, NamedTuple, Protocol, TypeVar

from monorelease.formats.places import UNFIT, Place, Unfit
from monorelease.model.guess import suggestion

# Kinds are named tuples because every command pays for the making of these classes, and a
# frozen dataclass takes five times as long.
T_co = TypeVar("T_co", covariant=True)
N_co = TypeVar("N_co", bound=str, covariant=True)


class Kind(Protocol[T_co]):
    """What a value may be."""

    def read(self, value: object, place: Place) -> T_co | Unfit:
        """The value as the model has it, or UNFIT and at least one finding."""

    def schema(self) -> dict[str, object]:
        """The same in words of JSON Schema, as far as it has words for it."""


class Flag(NamedTuple):
    """True or false."""

    noun: str = "true or false"

    def read(self, value: object, place: Place) -> bool | Unfit:
        """See `Kind`."""
        return value if isinstance(value, bool) else place.refuse_type(self.noun, value)

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        return {"type": "boolean"}


class Whole(NamedTuple):
    """A whole number within bounds, both of them included."""

    least: int
    most: int | None = None

    @property
    def noun(self) -> str:
        """See `Kind`."""
        limit = "or more" if self.most is None else f"to {self.most}"
        return f"a whole number, {self.least} {limit}"

    def read(self, value: object, place: Place) -> int | Unfit:
        """See `Kind`."""
        if not isinstance(value, int) or isinstance(value, bool):  # Python's True is an int
            return place.refuse_type(self.noun, value)
        if value < self.least or (self.most is not None and value > self.most):
            return place.refuse("config-bad-value", f"= {value}: must be {self.noun}")
        return value

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        most = {} if self.most is None else {"maximum": self.most}
        return {"type": "integer", "minimum": self.least, **most}


class Rule(NamedTuple):
    """A pattern that is found in every good text, and what is said of a text without it.

    Patterns keep to what Python and ECMA-262 read alike, so that one rule serves the reader
    and the schema; ``$`` is the end in both, because a text has no line breaks.
    """

    pattern: str
    words: str


# Python's ``$`` would be content before a last line break: these look at every character.
PRINTABLE = Rule(r"^(?![\s\S]*[\u0000-\u001f\u007f-\u009f])", "may not contain control characters")
LINES = Rule(
    r"^(?![\s\S]*[\u0000-\u0008\u000b-\u001f\u007f-\u009f])", "may not contain control characters"
)
FILLED = Rule(r"[^ ]", "may not be blank")


class Text(NamedTuple, Generic[T_co]):
    """A string that keeps every rule; `make` turns it into what the model has.

    `make` may raise ValueError for what no pattern can tell.
    """

    noun: str
    make: Callable[[str], T_co]
    rules: tuple[Rule, ...] = ()
    signs: Rule = PRINTABLE
    """Which characters it may have; with LINES it may be of several lines."""
    may_be_secret: bool = False
    """Whether somebody may write a secret there, so that what is wrong is not repeated."""

    def read(self, value: object, place: Place) -> T_co | Unfit:
        """See `Kind`."""
        if not isinstance(value, str):
            return place.refuse_type(self.noun, value)
        shown = "" if self.may_be_secret else f"= {value!r}: "
        broken = [rule.words for rule in self._rules if not re.search(rule.pattern, value)]
        if broken:
            return place.refuse("config-bad-value", f"{shown}{', '.join(broken)}")
        try:
            return self.make(value)
        except ValueError as problem:
            return place.refuse("config-bad-value", f"{shown}{problem}")

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        return {"type": "string", "allOf": [{"pattern": rule.pattern} for rule in self._rules]}

    @property
    def _rules(self) -> tuple[Rule, ...]:
        return (self.signs, *self.rules)


class Choice(NamedTuple, Generic[T_co]):
    """One of a few words."""

    words: Mapping[str, T_co]

    @property
    def noun(self) -> str:
        """See `Kind`."""
        return f"one of {', '.join(map(repr, self.words))}"

    def read(self, value: object, place: Place) -> T_co | Unfit:
        """See `Kind`."""
        if not isinstance(value, str):
            return place.refuse_type(self.noun, value)
        if value in self.words:
            return self.words[value]
        return place.refuse(
            "config-unknown-word",
            f"= {value!r}: must be {self.noun}",
            hint=suggestion(value, self.words, otherwise=f"for example: {place.example}"),
        )

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        return {"enum": list(self.words)}


class ListOf(NamedTuple, Generic[T_co]):
    """A list; what is unfit in it is left out."""

    noun: str
    item: Kind[T_co]
    filled: bool = False
    identity: Callable[[T_co], Hashable] | None = None
    """What may stand in it only once, however it is spelled; None where nothing is meant."""

    def read(self, value: object, place: Place) -> tuple[T_co, ...] | Unfit:
        """See `Kind`."""
        if not isinstance(value, list):
            return place.refuse_type(self.noun, value)
        if self.filled and not value:
            return place.refuse("config-bad-value", "is empty")
        return tuple(self._items(value, place))

    def _items(self, value: list[object], place: Place) -> Iterator[T_co]:
        seen: set[Hashable] = set()
        for index, written in enumerate(value):
            there = place.at(index)
            item = self.item.read(written, there)
            if item is UNFIT:
                continue
            identity = index if self.identity is None else self.identity(item)
            if identity in seen:
                there.refuse("config-duplicate", "is listed twice", hint="remove one of the two")
                continue
            seen.add(identity)
            yield item

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        filled = {"minItems": 1} if self.filled else {}
        unique = {} if self.identity is None else {"uniqueItems": True}
        return {"type": "array", "items": self.item.schema(), **filled, **unique}


class TextOr(NamedTuple, Generic[T_co]):
    """A string as the short form of something longer, whose noun speaks for both."""

    text: Kind[T_co]
    other: Kind[T_co]

    def read(self, value: object, place: Place) -> T_co | Unfit:
        """See `Kind`."""
        return (self.text if isinstance(value, str) else self.other).read(value, place)

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        return {"anyOf": [self.text.schema(), self.other.schema()]}


class MapOf(NamedTuple, Generic[N_co, T_co]):
    """A table whose keys are names of the owner's choosing; what is unfit in it is left out."""

    noun: str
    name: Text[N_co]
    value: Kind[T_co]
    identity: Callable[[str], Hashable] = str
    """What no two names may have in common."""

    def read(self, value: object, place: Place) -> Mapping[N_co, T_co] | Unfit:
        """See `Kind`."""
        if not isinstance(value, dict):
            return place.refuse_type(self.noun, value)
        read: dict[N_co, T_co] = {}
        seen: set[Hashable] = set()
        for written, content in value.items():
            there = place.at(written)
            name, item = self.name.read(written, there), self.value.read(content, there)
            if name is UNFIT or item is UNFIT:
                continue
            if self.identity(name) in seen:
                there.refuse("config-duplicate", "is listed twice", hint="remove one of the two")
                continue
            seen.add(self.identity(name))
            read[name] = item
        return MappingProxyType(read)

    def schema(self) -> dict[str, object]:
        """See `Kind`."""
        return {
            "type": "object",
            "propertyNames": self.name.schema(),
            "additionalProperties": self.value.schema(),
        }
