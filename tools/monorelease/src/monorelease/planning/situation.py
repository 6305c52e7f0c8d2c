"""All that the rules look at: nothing in it changes while a plan settles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.errors import UsageProblem, VersionWouldSink
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel
from monorelease.model.config import Config
from monorelease.model.fragment import Fragment
from monorelease.model.plan import Group, Scope
from monorelease.model.value import value
from monorelease.model.workspace import Workspace
from monorelease.planning.graph import Edge, dependents_of
from monorelease.planning.groups import matching, resolve_groups
from monorelease.planning.versions import bump_between, effective_bump, next_version

Bumps = Mapping[NormalizedName, Bump]


@value
class Situation:
    """The workspace, seen from one release."""

    workspace: Workspace
    config: Config
    channel: Channel
    scope: Scope
    named: Mapping[NormalizedName, tuple[Fragment, ...]]
    """The fragments that name a member with more than ``none``."""
    ignored: frozenset[NormalizedName]
    group_of: Mapping[NormalizedName, Group]
    current_of: Mapping[NormalizedName, Version]
    """Of the members that have a version."""
    base_of: Mapping[NormalizedName, Version]
    """From where a version moves: the member's own, or the highest in its group."""
    asked_of: Mapping[NormalizedName, Version]
    """The version asked for, of the member or of anyone in its group."""
    dependents: Mapping[NormalizedName, tuple[Edge, ...]]

    def may_move(self, name: NormalizedName) -> bool:
        """Whether this release may give the member a new version at all."""
        return name in self.base_of and name not in self.ignored and name not in self.scope.held

    def target(self, name: NormalizedName, bumps: Bumps) -> Version:
        """The version to which the member's present bump takes it."""
        if name in self.asked_of:
            return self.asked_of[name]
        return next_version(
            self.base_of[name],
            bumps[name],
            channel=self.channel,
            major_on_zero=self.config.major_on_zero,
        )

    def reported_bump(self, name: NormalizedName, bumps: Bumps) -> Bump:
        """What moves, counted on the version: on 0.x a breaking change may be a minor one."""
        base = self.base_of[name]
        if name in self.asked_of:
            return bump_between(base, self.asked_of[name], Bump.MAJOR)
        return effective_bump(base, bumps[name], self.config.major_on_zero)

    def own_bump(self, name: NormalizedName) -> Bump:
        """How far fragments and the command line move it, groups and ranges aside.

        Several fragments never add up: three minors are one minor.
        """
        named = (f.bump_of(name) or Bump.NONE for f in self.named.get(name, ()))
        bump = max(named, default=Bump.NONE)
        if (asked := self.scope.versions.get(name)) is None or name not in self.base_of:
            return bump
        return max(bump, bump_between(self.base_of[name], asked, Bump.MAJOR))


def survey(
    workspace: Workspace,
    fragments: Sequence[Fragment],
    config: Config,
    channel: Channel,
    scope: Scope,
) -> Situation:
    """Look at everything once, from the side from which the rules will ask.

    Raises:
        VersionWouldSink: a version that is asked for is not above the present one.
        UsageProblem: two different ones are asked for in one group.
    """
    groups = resolve_groups(config, workspace.names)
    current = {m.name: m.version for m in workspace if m.version is not None}
    bases, asked = _bases(current, groups), _asked(scope, groups)
    for name, version in asked.items():
        if name in bases and version <= bases[name]:
            raise VersionWouldSink(
                f"{version} was asked for, and {name} (or its group) is at {bases[name]} already",
                hint="ask for a higher version: an index never takes a lower one in its place",
            )
    return Situation(
        workspace=workspace,
        config=config,
        channel=channel,
        scope=scope,
        named=_named(fragments, scope),
        ignored=frozenset(matching(config.ignore, workspace.names)),
        group_of={name: group for group in groups for name in group.members},
        current_of=current,
        base_of=bases,
        asked_of=asked,
        dependents=dependents_of(workspace),
    )


def _named(
    fragments: Sequence[Fragment], scope: Scope
) -> Mapping[NormalizedName, tuple[Fragment, ...]]:
    named: dict[NormalizedName, list[Fragment]] = {}
    for fragment in fragments:
        for entry in fragment.entries:
            if entry.bump > Bump.NONE and (not scope.only or entry.name in scope.only):
                named.setdefault(entry.name, []).append(fragment)
    return {name: tuple(found) for name, found in named.items()}


def _bases(
    current: Mapping[NormalizedName, Version], groups: Iterable[Group]
) -> Mapping[NormalizedName, Version]:
    bases = dict(current)
    for group in groups:
        versioned = [name for name in group.members if name in current]
        if versioned:
            bases |= dict.fromkeys(versioned, max(current[name] for name in versioned))
    return bases


def _asked(scope: Scope, groups: Iterable[Group]) -> Mapping[NormalizedName, Version]:
    asked = dict(scope.versions)
    for group in groups:
        wanted = {name: scope.versions[name] for name in group.members if name in scope.versions}
        if len(set(wanted.values())) > 1:
            said = ", ".join(f"{name}={version}" for name, version in wanted.items())
            raise UsageProblem(
                f"a {group.kind.value} group has one version, and several were asked for: {said}",
                hint="ask for one of them",
            )
        for version in wanted.values():
            asked |= dict.fromkeys(group.members, version)
    return asked
