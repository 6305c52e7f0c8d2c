"""Which category and which bump a word means that people file changes under."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.model.bump import Bump
from monorelease.model.config import Category

_FAMILIES = (
    (Bump.MAJOR, ("breaking", "breaking change", "incompatible", "major", "removal", "removed")),
    (Bump.MINOR, ("feature", "feat", "added", "addition", "minor", "new", "new feature")),
    (Bump.MINOR, ("deprecation", "deprecated")),
    (Bump.MINOR, ("changed", "change", "enhancement", "improved", "improvement")),
    (Bump.PATCH, ("fix", "bugfix", "bug fix", "fixed", "bug", "hotfix", "patch")),
    (Bump.PATCH, ("security", "vulnerability")),
    (Bump.PATCH, ("performance", "perf")),
    (Bump.PATCH, ("dependency", "dep", "requirement")),
    (Bump.PATCH, ("doc", "documentation", "improved documentation")),
    (Bump.NONE, ("misc", "miscellaneous", "other change", "internal", "chore", "trivial", "none")),
)
"""Words that mean the same, in their singular, and the bump that such a change usually is."""

_USUAL = {
    Bump.MAJOR: ("breaking", "removal", "removed", "major"),
    Bump.MINOR: ("feature", "feat", "added", "minor"),
    Bump.PATCH: ("fix", "bugfix", "fixed", "patch"),
    Bump.NONE: ("misc", "internal", "chore"),
}
_OF_DEPENDENCIES = ("dependencies", "dependency", "deps", *_USUAL[Bump.NONE])


def category_for(bump: Bump, categories: Sequence[Category]) -> str:
    """Where the words of such a change usually go, by the names that people give categories."""
    return _first_known(_USUAL[bump], categories) or categories[0].directory


def category_of_dependencies(categories: Sequence[Category]) -> str:
    """Where it usually goes that third parties are required in other versions."""
    return _first_known(_OF_DEPENDENCIES, categories) or category_for(Bump.PATCH, categories)


def category_named(word: str, categories: Sequence[Category]) -> str | None:
    """The category that `word` means, by its directory, its title, or one that means the same."""
    wanted = _singular(word)
    named = (c.directory for c in categories if wanted in map(_singular, (c.directory, c.title)))
    family = next((words for _, words in _FAMILIES if wanted in words), ())
    alike = (c.directory for c in categories if _singular(c.directory) in family)
    return next(named, None) or next(alike, None)


def bump_named(word: str) -> Bump | None:
    """How far such a change usually moves a member; None for a word that nobody knows."""
    wanted = _singular(word)
    return next((bump for bump, words in _FAMILIES if wanted in words), None)


def _first_known(words: Sequence[str], categories: Sequence[Category]) -> str | None:
    known = [category.directory for category in categories]
    return next((word for word in words if word in known), None)


_ENDS = (("ies", "y"), ("xes", "x"), ("ss", "ss"), ("s", ""))
"""How a plural ends, and its singular; the first that fits."""


def _singular(word: str) -> str:
    """Without letter case, signs, and the plural of its last word."""
    letters = "".join(c if c.isalnum() else " " for c in word.casefold())
    plain = " ".join(letters.split())
    for end, singular in _ENDS:
        if plain.endswith(end):
            return plain.removesuffix(end) + singular
    return plain
