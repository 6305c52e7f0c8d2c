"""From fragments to one coordinated release: rules demand, the planner settles."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Snapshot, Stable
from monorelease.model.config import Config
from monorelease.model.fragment import Fragment
from monorelease.model.plan import ConstraintUpdate, GroupKind, Release, ReleasePlan, Scope
from monorelease.model.value import replace
from monorelease.model.workspace import Dependency, Member, Workspace
from monorelease.planning.constraints import raise_constraint
from monorelease.planning.rules import Demand, Leaders, asked_for, causes, followed_by, leaders
from monorelease.planning.situation import Bumps, Situation, survey

Targets = Mapping[NormalizedName, Version]

FINAL = Stable()
EVERYTHING = Scope()


def plan_release(
    workspace: Workspace,
    fragments: Sequence[Fragment],
    config: Config,
    channel: Channel = FINAL,
    *,
    scope: Scope = EVERYTHING,
) -> ReleasePlan:
    """Decide who is released, from which version to which, and why.

    A member is released because a fragment or the command line names it, because a group
    ties it to one that is, or because a dependency leaves the range that it allows; and on
    until nothing moves. Names that are no members are passed over: `planning.checks` tells.

    Raises:
        ReleaseError: when what is asked for would not move a member forward.
    """
    situation = survey(workspace, fragments, config, channel, scope)
    bumps = _settle(situation)
    if drawn := _drawn_to_final(bumps, situation):
        wider = replace(scope, only=scope.only | drawn)
        return plan_release(workspace, fragments, config, channel, scope=wider)
    targets = {name: situation.target(name, bumps) for name in bumps}
    direct = situation.named.keys() | scope.versions.keys()
    members = sorted((m for m in workspace if m.name in bumps), key=lambda m: m.name not in direct)
    moved_by = leaders(bumps, situation)
    return ReleasePlan(
        channel=channel,
        releases=tuple(_release(m, bumps, targets, moved_by, situation) for m in members),
        followers=tuple(_followers(situation, targets)),
    )


def _settle(situation: Situation) -> Bumps:
    """Raise bumps to what the rules demand until nothing moves.

    A finite scale that only rises must stop. Groups settle before dependents are judged:
    a group can make of a patch a minor, and a range that the patch would have left
    (``!=1.0.1``) may well hold the minor.
    """
    bumps: dict[NormalizedName, Bump] = {}
    moved: deque[NormalizedName] = deque()
    _meet(asked_for(situation), bumps, moved, situation)
    judged: dict[NormalizedName, Version] = {}
    while moved:
        name = moved.popleft()
        target = situation.target(name, bumps)
        if judged.get(name) != target:
            judged[name] = target
            _meet(followed_by(name, target, situation), bumps, moved, situation)
    return bumps


def _drawn_to_final(bumps: Bumps, situation: Situation) -> frozenset[NormalizedName]:
    """Members outside ``--only`` that leave a pre-release: it was made of their fragments too."""
    only = situation.scope.only
    if not only or not isinstance(situation.channel, Stable):
        return frozenset()
    return frozenset(n for n in bumps if situation.current_of[n].is_prerelease) - only


def _meet(
    demands: Iterable[Demand],
    bumps: dict[NormalizedName, Bump],
    moved: deque[NormalizedName],
    situation: Situation,
) -> None:
    """Raise what is demanded, and with it whatever a group ties to it."""
    raised = []
    for name, bump in demands:
        if situation.may_move(name) and bump > bumps.get(name, Bump.NONE):
            bumps[name] = bump
            raised.append(name)
    moved.extend(raised)
    groups = {id(g): g for name in raised if (g := situation.group_of.get(name))}
    for group in groups.values():
        strongest = max(bumps.get(name, Bump.NONE) for name in group.members)
        for name in group.members:
            joins = group.kind is GroupKind.FIXED or name in bumps
            if joins and situation.may_move(name) and bumps.get(name) != strongest:
                bumps[name] = strongest
                moved.append(name)


def _release(
    member: Member, bumps: Bumps, targets: Targets, moved_by: Leaders, situation: Situation
) -> Release:
    named = situation.named.get(member.name, ())
    return Release(
        name=member.name,
        path=member.path,
        bump=situation.reported_bump(member.name, bumps),
        current=situation.current_of[member.name],
        target=targets[member.name],
        private=member.private,
        causes=tuple(causes(member, bumps, targets, moved_by, situation)),
        fragments=tuple(fragment.path for fragment in named),
        constraints=tuple(_updates(member, bumps, targets, situation)),
    )


def _updates(
    member: Member, bumps: Bumps, targets: Targets, situation: Situation
) -> Iterator[ConstraintUpdate]:
    """How a released member's constraints on released members will read."""
    exact = isinstance(situation.channel, Snapshot)
    threshold = situation.config.raise_constraints
    for dependency in member.dependencies:
        target = targets.get(dependency.on)
        if target is None:
            continue
        is_raised = threshold is not None and bumps[dependency.on] >= threshold
        if exact or is_raised or not dependency.allows(target):
            yield from _update(member, dependency, target, exact=exact)


def _followers(situation: Situation, targets: Targets) -> Iterator[ConstraintUpdate]:
    """Constraints that follow in members that stay as they are.

    Nobody meets these by installing a release: a dependency group is not published, and an
    ignored member is not released here.
    """
    for name, target in targets.items():
        for member, dependency in situation.dependents.get(name, ()):
            is_unseen = not dependency.is_published or member.name in situation.ignored
            if is_unseen and member.name not in targets and not dependency.allows(target):
                yield from _update(member, dependency, target, exact=False)


def _update(
    member: Member, dependency: Dependency, target: Version, *, exact: bool
) -> Iterator[ConstraintUpdate]:
    if dependency.constraint is None:
        return
    before = dependency.constraint.text
    after = raise_constraint(dependency.constraint, target, exact=exact)
    if after is not None and after != before:
        yield ConstraintUpdate(
            member=member.name, dependency=dependency, before=before, after=after
        )
