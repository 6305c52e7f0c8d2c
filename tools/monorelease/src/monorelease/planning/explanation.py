"""Why a member is in a plan, down to the fragments; or why it is not."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.config import DependentsPolicy
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
from monorelease.planning.checks import Inspection
from monorelease.planning.groups import matching, resolve_groups


@value
class Because:
    """One cause in a chain, and whose release it explains."""

    of: NormalizedName
    depth: int
    """0 for a cause of the member that was asked about, 1 for what caused that, and so on."""
    cause: Cause
    release: Release | None
    """The release behind a cause of another member; None for a fragment or a request."""


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
class LeftOut:
    """Fragments name the member, and this wave is planned from those of others."""

    fragments: tuple[Fragment, ...]


@value
class NeverFollows:
    """A dependency leaves what the member allows, and the configuration says never to follow."""

    on: NormalizedName
    constraint: str


@value
class NeverAllowed:
    """A dependency is released, and the range excluded the version before it already."""

    on: NormalizedName
    current: Version
    constraint: str


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


Absence = (
    Ignored
    | HeldBack
    | Unversioned
    | Unnamed
    | LeftOut
    | NeverFollows
    | NeverAllowed
    | StillAllowed
    | Unpublished
    | GroupRests
)


def why(release: Release, plan: ReleasePlan) -> tuple[Because, ...]:
    """Every cause of `release`, each followed by what caused it in turn, down to fragments.

    A member is explained once: where a second cause or a circle of requirements comes back to
    it, the chain stops there.
    """
    releases = {r.name: r for r in plan.releases}
    seen = {release.name}
    found = []
    open_ends = _ends(release, 0)
    while open_ends:
        of, depth, cause = open_ends.pop()
        other = _other(cause)
        behind = None if other is None else releases[other]
        found.append(Because(of=of, depth=depth, cause=cause, release=behind))
        if behind is not None and behind.name not in seen:
            seen.add(behind.name)
            open_ends += _ends(behind, depth + 1)
    return tuple(found)


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
    moving = tuple(f for f in named if f.bump_of(name) != Bump.NONE)
    if not moving:
        absences.append(Unnamed(none_in=tuple(named)))
    elif scope.only and name not in scope.only:
        absences.append(LeftOut(fragments=moving))
    absences += _dependencies_at_rest(name, inspection)
    absences += (
        GroupRests(kind=g.kind)
        for g in resolve_groups(config, workspace.names)
        if name in g.members
    )
    return tuple(absences)


def _ends(release: Release, depth: int) -> list[tuple[NormalizedName, int, Cause]]:
    """The causes of one release, the first one last: from there they are taken."""
    return [(release.name, depth, cause) for cause in reversed(release.causes)]


def _other(cause: Cause) -> NormalizedName | None:
    match cause:
        case Follows(on=other) | TiedTo(partner=other):
            return other
        case ChangedBy() | Requested():
            return None


def _dependencies_at_rest(name: NormalizedName, inspection: Inspection) -> Iterator[Absence]:
    """What each released dependency has to do with the member's staying as it is."""
    targets = inspection.plan.targets
    for dependency in inspection.workspace[name].dependencies:
        target = targets.get(dependency.on)
        current = inspection.workspace[dependency.on].version
        if target is None or current is None:
            continue
        text = dependency.constraint.text.strip() if dependency.constraint else ""
        if not dependency.is_published:
            yield Unpublished(on=dependency.on, table=dependency.table)
        elif dependency.allows(target):
            yield StillAllowed(
                on=dependency.on, target=target, constraint=text, table=dependency.table
            )
        elif not dependency.allows(current):
            yield NeverAllowed(on=dependency.on, current=current, constraint=text)
        elif inspection.config.dependents is DependentsPolicy.NEVER:
            yield NeverFollows(on=dependency.on, constraint=text)
