"""What has changed in a member's requirements, as far as those who install it meet them."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.utils import NormalizedName

from monorelease.model.constraint import Constraint
from monorelease.model.requirement_change import RequirementChange
from monorelease.model.workspace import Dependency

Place = tuple[NormalizedName, str]


def requirement_changes(
    before: Iterable[Dependency], after: Iterable[Dependency]
) -> tuple[RequirementChange, ...]:
    """What is required otherwise than before, by name and then by table.

    Dependency groups reach nobody. Neither the order of requirements counts nor how one is
    spelled: ``>=1,<2`` is ``<2, >=1``.
    """
    old, new = _by_place(before), _by_place(after)
    places = sorted(place for place in {*old, *new} if _meaning(old, place) != _meaning(new, place))
    return tuple(
        RequirementChange(
            on=on,
            table=table,
            before=tuple(old.get((on, table), {}).values()),
            after=tuple(new.get((on, table), {}).values()),
        )
        for on, table in places
    )


def _by_place(requirements: Iterable[Dependency]) -> dict[Place, dict[str, str]]:
    """For each name and table what is required there: what it means, and as it is written."""
    places: dict[Place, dict[str, str]] = {}
    for dependency in requirements:
        if dependency.is_published:
            there = places.setdefault((dependency.on, dependency.table), {})
            there[_normal(dependency)] = _written(dependency)
    return places


def _meaning(places: dict[Place, dict[str, str]], place: Place) -> set[str]:
    return set(places.get(place, {}))


def _written(dependency: Dependency) -> str:
    constraint = dependency.constraint
    if constraint is None:
        return dependency.prefix.strip()
    extras = dependency.prefix.partition("[")[1:]
    return " ".join(f"{''.join(extras)}{constraint.text}{dependency.suffix}".split())


def _normal(dependency: Dependency) -> str:
    """The same for whatever means the same."""
    if dependency.constraint is None:
        return _written(dependency)
    extras = dependency.prefix.partition("[")[2].lower()
    marker = dependency.suffix.partition(";")[2].replace('"', "'")
    parts = (extras.rstrip(" ()"), _range(dependency.constraint), marker)
    return "|".join("".join(part.split()) for part in parts)


def _range(constraint: Constraint) -> str:
    alternatives = (",".join(sorted(map(str, each))) for each in constraint.alternatives)
    return "||".join(sorted(alternatives))
