"""Poetry's ranges (``^1.2``, ``~1.2``, ``1.*``, ``^1 || ^2``) in the words of PEP 440.

The rules are those of "Dependency specification" in Poetry's documentation.
"""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from monorelease.model.clause import Clause, parse_clauses
from monorelease.model.version import read_version


def parse_range(text: str) -> tuple[SpecifierSet, ...]:
    """What each alternative in `text` allows; blank text allows any version.

    Raises:
        InvalidSpecifier: when an alternative is empty, or no range that Poetry knows.
    """
    if not text.strip():
        return (SpecifierSet(),)
    return tuple(_parse_alternative(part) for part in split_alternatives(text)[::2])


def split_alternatives(text: str) -> list[str]:
    """Alternatives and the bars between them, in turns; joined, they are `text` again."""
    return re.split(r"(\|\|?)", text)


def breaking_part(version: Version) -> int:
    """Which part of `version` the end of its caret range raises, counted from zero.

    It is the first one that is not zero; else the last that was written, of the first three.
    """
    leading = version.release[:3]
    return next((i for i, part in enumerate(leading) if part), len(leading) - 1)


def _parse_alternative(text: str) -> SpecifierSet:
    clauses = parse_clauses(text)
    if not clauses:
        raise InvalidSpecifier(f"Invalid range: an alternative is empty: {text!r}")
    return SpecifierSet(",".join(filter(None, map(_in_pep440, clauses))))


def _in_pep440(clause: Clause) -> str:
    match clause.operator:
        case "" if clause.version == "*":
            return ""
        case "" | "=":
            _read_version(clause.version.removesuffix(".*"))
            return f"=={clause.version}"
        case "^":
            version = _read_version(clause.version)
            return _from_up_to_next(version, breaking_part(version))
        case "~":
            version = _read_version(clause.version)
            return _from_up_to_next(version, min(1, len(version.release) - 1))
        case operator:
            _read_version(clause.version.removesuffix(".*"))
            return f"{operator}{clause.version}"


def _read_version(text: str) -> Version:
    if (version := read_version(text)) is None:
        raise InvalidSpecifier(f"Invalid range: {text!r} is no version")
    return version


def _from_up_to_next(floor: Version, part: int) -> str:
    end = ".".join(map(str, (*floor.release[:part], floor.release[part] + 1)))
    return f">={floor},<{floor.epoch}!{end}"
