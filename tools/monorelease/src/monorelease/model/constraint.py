"""A range of versions as somebody wrote it, and what it allows."""

from __future__ import annotations

from enum import StrEnum

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from monorelease.model.poetry_range import parse_range
from monorelease.model.value import value

_LONGEST = 4_000
"""Far beyond any real constraint, and below the digits at which ``int`` gives up."""


class Dialect(StrEnum):
    """In which grammar a constraint is written."""

    PEP440 = "pep440"
    POETRY = "poetry"


@value
class Constraint:
    """The constraint's text, untouched, beside its meaning."""

    text: str
    """As written, outer blanks and all; empty where any version will do."""
    dialect: Dialect = Dialect.PEP440
    alternatives: tuple[SpecifierSet, ...]
    """A version is allowed that satisfies one of these (Poetry's ``||``; else just one)."""

    @classmethod
    def parse(cls, text: str, dialect: Dialect = Dialect.PEP440) -> Constraint:
        """The constraint written as `text`; blank text allows any version.

        Raises:
            InvalidSpecifier: when `text` cannot be read in that grammar.
        """
        if len(text) > _LONGEST:
            raise InvalidSpecifier(f"Invalid constraint: longer than {_LONGEST} characters")
        poetry = dialect is Dialect.POETRY
        alternatives = parse_range(text) if poetry else (SpecifierSet(text),)
        return cls(text=text, dialect=dialect, alternatives=alternatives)

    def allows(self, version: Version) -> bool:
        """Whether `version`, a pre-release or not, lies in this range."""
        return any(s.contains(version, prereleases=True) for s in self.alternatives)
