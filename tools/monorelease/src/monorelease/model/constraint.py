"""A range of versions as somebody wrote it, and what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packaging.specifiers import SpecifierSet
from packaging.version import Version


class Dialect(StrEnum):
    """In which grammar a constraint is written."""

    PEP440 = "pep440"
    POETRY = "poetry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """The constraint's text, untouched, beside its meaning."""

    text: str
    """As written, outer blanks and all; empty where any version will do."""
    dialect: Dialect = Dialect.PEP440
    alternatives: tuple[SpecifierSet, ...]
    """A version is allowed that satisfies one of these (Poetry's ``||``; else just one)."""

    def allows(self, version: Version) -> bool:
        """Whether `version`, a pre-release or not, lies in this range."""
        return any(s.contains(version, prereleases=True) for s in self.alternatives)
