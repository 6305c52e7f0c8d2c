"""How likely the end of a turn has to be in each language."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from types import MappingProxyType
from typing import Any


def thresholds_of(record: object) -> Mapping[str, float]:
    """The thresholds by language of a `languages.json`.

    Raises:
        ValueError: it is no such record; the message tells the language.
    """
    if not isinstance(record, Mapping):
        raise ValueError("expected languages by name")  # noqa: TRY004 - a bad value of a file
    return MappingProxyType({normal(name): _threshold(name, record[name]) for name in record})


def look_up(thresholds: Mapping[str, float], language: str) -> float | None:
    """The threshold of a language such as ``pt-BR``, else of ``pt``; None where it has none."""
    name = normal(language)
    exact = thresholds.get(name)
    return exact if exact is not None else thresholds.get(name.partition("-")[0])


def normal(language: str) -> str:
    """One way to write what transcribers write in several."""
    return language.strip().lower().replace("_", "-")


def probability(value: object) -> float | None:
    """`value`, where it is a number from 0 to 1; else None."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 1 else None  # type: ignore[arg-type, operator]  # a Real is both


def _threshold(language: object, entry: Any) -> float:  # noqa: ANN401 - anything that JSON holds
    found = probability(entry.get("threshold")) if isinstance(entry, Mapping) else None
    if found is None:
        raise ValueError(f"{language!r} has no threshold from 0 to 1")
    return found
