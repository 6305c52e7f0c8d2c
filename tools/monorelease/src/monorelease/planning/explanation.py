"""Why a member is in a plan, down to the fragments; or why it is not."""

from __future__ import annotations

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.fragment import Fragment
from monorelease.model.plan import (
    Cause,
    ChangedBy,
    Follows,
    GroupKind,
    Release,
    ReleasePlan,
    Requested,
    Scope,
    TiedTo,
)
from monorelease.model.value import value
from monorelease.model.workspace import Workspace
from monorelease.planning.checks import Inspection
from monorelease.planning.groups import matching, resolve_groups


@value
class Because:
    """One cause, and what caused that in turn."""

    cause: Cause
    release: Release | None
    """The release behind a cause of another member; None where the chain ends."""
    deeper: tuple[Because, ...] = ()
    """Empty where the chain ends, or where that member was explained above already."""


@value
class Ignored:
    """The configuration says that the member is never released here."""


@value
class HeldBack:
    """The command line took the member out of this wave."""


@value
class Unversioned:
    """There is no version that could move."""


@value
class Unnamed:
    """No fragment names the member, or only with ``none``."""

    none_in: tuple[Fragment, ...]
    """The fragments that say ``none`` of it."""


@value
class StillAllowed:
    """A dependency is released, and stays inside what the member allows."""

    on: NormalizedName
    target: Version
    constraint: str
    table: str


@value
class Unpublished:
    """A dependency is released and only a dependency group, which nobody installs, names it."""

    on: NormalizedName
    table: str


@value
class GroupRests:
    """The group to which the member belongs does not take it along."""

    kind: GroupKind


Absence = Ignored | HeldBack | Unversioned | Unnamed | StillAllowed | Unpublished | GroupRests


def why(release: Release, plan: ReleasePlan) -> tuple[Because, ...]:
    """The chains of causes of `release`, each down to a fragment or a request.

    A member is explained once: where a circle of requirements comes back to it, the chain
    stops there.
    """
    releases = {r.name: r for r in plan.releases}
    return _causes(release, releases, {release.name})


def why_not(name: NormalizedName, inspection: Inspection, scope: Scope) -> tuple[Absence, ...]:
    """Every reason why the member `name` is not in the plan, the decisive ones first."""
    workspace, config = inspection.workspace, inspection.config
    member = workspace[name]
    absences: list[Absence] = []
    if name in matching(config.ignore, workspace.names):
        absences.append(Ignored())
    if name in scope.held:
        absences.append(HeldBack())
    if member.version is None:
        absences.append(Unversioned())
    named = [f for f in inspection.fragments if f.bump_of(name) is not None]
    if all(f.bump_of(name) == Bump.NONE for f in named):
        absences.append(Unnamed(none_in=tuple(named)))
    absences += _dependencies_at_rest(name, workspace, inspection.plan)
    absences += (
        GroupRests(kind=g.kind)
        for g in resolve_groups(config, workspace.names)
        if name in g.members
    )
    return tuple(absences)


def _causes(
    release: Release, releases: dict[NormalizedName, Release], seen: set[NormalizedName]
) -> tuple[Because, ...]:
    found = []
    for cause in release.causes:
        match cause:
            case ChangedBy() | Requested():
                found.append(Because(cause=cause, release=None))
            case Follows(on=other) | TiedTo(partner=other):
                is_new = other not in seen
                seen.add(other)
                deeper = _causes(releases[other], releases, seen) if is_new else ()
                found.append(Because(cause=cause, release=releases[other], deeper=deeper))
    return tuple(found)


def _dependencies_at_rest(
    name: NormalizedName, workspace: Workspace, plan: ReleasePlan
) -> tuple[Absence, ...]:
    targets = plan.targets
    found: list[Absence] = []
    for dependency in workspace[name].dependencies:
        target = targets.get(dependency.on)
        if target is None:
            continue
        if not dependency.is_published:
            found.append(Unpublished(on=dependency.on, table=dependency.table))
        elif dependency.allows(target):
            text = dependency.constraint.text.strip() if dependency.constraint else ""
            found.append(
                StillAllowed(
                    on=dependency.on, target=target, constraint=text, table=dependency.table
                )
            )
    return tuple(found)
