"""What demands a release, and, once all is settled, the causes that really hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.channel import Stable
from monorelease.model.config import DependentsPolicy
from monorelease.model.plan import Cause, ChangedBy, Follows, Group, Requested, TiedTo
from monorelease.model.workspace import Dependency, Member
from monorelease.planning.situation import Bumps, Situation

Demand = tuple[NormalizedName, Bump]
"""At least this bump for this member."""

Leaders = Mapping[NormalizedName, tuple[NormalizedName, ...]]
"""For every member of a group: the one or two members that move that group."""


def asked_for(situation: Situation) -> Iterator[Demand]:
    """What fragments name, and what the command line does."""
    for name in (*situation.named, *situation.scope.versions):
        yield name, situation.own_bump(name)


def followed_by(name: NormalizedName, target: Version, situation: Situation) -> Iterator[Demand]:
    """The dependents that a release of `name` as `target` takes along, each by a patch."""
    for member, dependency in situation.dependents.get(name, ()):
        if _must_follow(member, dependency, target, situation):
            yield member.name, Bump.PATCH


def leaders(bumps: Bumps, situation: Situation) -> Leaders:
    """Who moves each group: the two members with the strongest reasons of their own."""
    groups = {id(g): g for name in bumps if (g := situation.group_of.get(name))}
    found: dict[NormalizedName, tuple[NormalizedName, ...]] = {}
    for group in groups.values():
        released = [name for name in group.members if name in bumps]
        released.sort(key=situation.own_bump, reverse=True)
        found |= dict.fromkeys(group.members, tuple(released[:2]))
    return found


def causes(
    member: Member,
    bumps: Bumps,
    targets: Mapping[NormalizedName, Version],
    leaders: Leaders,
    situation: Situation,
) -> Iterator[Cause]:
    """Every reason that holds now that all is settled, the strongest kind first."""
    name = member.name
    if (asked := situation.scope.versions.get(name)) is not None:
        yield Requested(version=asked)
    for fragment in situation.named.get(name, ()):
        yield ChangedBy(fragment=fragment.path)
    follows = tuple(_follows(member, targets, situation))
    yield from follows
    own = max(situation.own_bump(name), Bump.PATCH if follows else Bump.NONE)
    group = situation.group_of.get(name)
    if group and (own < bumps[name] or situation.base_of[name] != member.version):
        yield from _ties(name, group, leaders)


def _follows(
    member: Member, targets: Mapping[NormalizedName, Version], situation: Situation
) -> Iterator[Follows]:
    """One cause for each released dependency that takes the member along."""
    seen = set()
    for dependency in member.dependencies:
        target = targets.get(dependency.on)
        if target is None or dependency.on in seen:
            continue
        if _must_follow(member, dependency, target, situation):
            seen.add(dependency.on)
            text = dependency.constraint.text.strip() if dependency.constraint else ""
            yield Follows(
                on=dependency.on,
                constraint=text,
                table=dependency.table,
                leaves=not dependency.allows(target),
            )


def _ties(name: NormalizedName, group: Group, leaders: Leaders) -> Iterator[TiedTo]:
    partner = next((leader for leader in leaders[name] if leader != name), None)
    if partner is not None:
        yield TiedTo(kind=group.kind, partner=partner)


def _must_follow(
    member: Member, dependency: Dependency, target: Version, situation: Situation
) -> bool:
    """Whether a release of the dependency as `target` takes the member along."""
    current = situation.current_of[dependency.on]
    if not dependency.is_published or not dependency.allows(current):
        # A range that the old version was outside of, too, is about some other release.
        return False
    match situation.config.dependents:
        case DependentsPolicy.NEVER:
            return False
        case DependentsPolicy.ALWAYS:
            return True
        case DependentsPolicy.OUT_OF_RANGE:
            leaves = not dependency.allows(target)
            return leaves or _becomes_final(member, current, situation)


def _becomes_final(member: Member, current: Version, situation: Situation) -> bool:
    """A member pre-released for the sake of a pre-released dependency is final with it."""
    return (
        isinstance(situation.channel, Stable)
        and member.version is not None
        and member.version.is_prerelease
        and current.is_prerelease
    )
