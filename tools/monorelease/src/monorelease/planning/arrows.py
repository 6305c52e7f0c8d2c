"""Who leads to whom in a release: by requiring, by taking along, or both."""

from __future__ import annotations

from collections.abc import Collection

from packaging.utils import NormalizedName

from monorelease.model.plan import (
    Cause,
    ChangedBy,
    Follows,
    Release,
    ReleasePlan,
    Requested,
    TiedTo,
)
from monorelease.model.value import value
from monorelease.model.workspace import DependencyKind, Workspace


@value
class Arrow:
    """From one member to another that requires it, is released because of it, or both."""

    start: NormalizedName
    end: NormalizedName
    kinds: frozenset[DependencyKind] = frozenset()
    """How `end` requires `start`; empty where it does not, or only in a dependency group."""
    causes: tuple[Cause, ...] = ()
    """Those of the release of `end` that are about `start`."""


def arrows_of(
    workspace: Workspace, plan: ReleasePlan, names: Collection[NormalizedName]
) -> tuple[Arrow, ...]:
    """All arrows among `names`: by their ends and then by their starts, in the workspace's order.

    What only a dependency group requires is left out: nobody who installs the member meets it.
    """
    releases = {release.name: release for release in plan.releases}
    found = []
    for member in workspace:
        kinds: dict[NormalizedName, set[DependencyKind]] = {}
        for dependency in member.dependencies:
            if dependency.is_published and dependency.on != member.name:
                kinds.setdefault(dependency.on, set()).add(dependency.kind)
        causes = _causes(releases.get(member.name))
        found += [
            Arrow(
                start=start,
                end=member.name,
                kinds=frozenset(kinds.get(start, ())),
                causes=causes.get(start, ()),
            )
            for start in workspace.names
            if (start in kinds or start in causes) and start in names and member.name in names
        ]
    return tuple(found)


def behind(cause: Cause) -> NormalizedName | None:
    """The member whose release is the cause; None for a fragment, or a request."""
    match cause:
        case Follows(on=other) | TiedTo(partner=other):
            return other
        case ChangedBy() | Requested():
            return None


def _causes(release: Release | None) -> dict[NormalizedName, tuple[Cause, ...]]:
    """The causes of one release that are other members, by those."""
    found: dict[NormalizedName, tuple[Cause, ...]] = {}
    for cause in release.causes if release else ():
        if (other := behind(cause)) is not None:
            found[other] = (*found.get(other, ()), cause)
    return found
