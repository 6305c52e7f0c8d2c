"""Which published versions meet the new ones at their users', and have to work with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.compatibility import Trial, TrialKind
from monorelease.model.constraint import Constraint
from monorelease.model.index import Project
from monorelease.model.value import value
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace
from monorelease.planning.listed import listed_versions, offered_versions

Constrained = tuple[NormalizedName, Constraint | None]
"""What is required at run time, and in which range; None for any version."""


@value
class Stage:
    """All that meets."""

    workspace: Workspace
    targets: Mapping[NormalizedName, Version]
    """What is about to be released."""
    projects: Mapping[NormalizedName, Project]
    """What the index has of every member that is published."""
    required: Callable[[Member], Sequence[Constrained]]
    """What a member requires of others once it is released."""
    required_then: Callable[[Member, Version], Sequence[Constrained]]
    """What a version on the index requires of other members."""


def plan_trials(stage: Stage) -> tuple[Trial, ...]:
    """Published dependents with what is new, then what is new with its lowest floors.

    A dependent is tried in its newest final version on the index, with every new version that
    its constraints let in: an upgrade brings these together, whoever is released himself too. A
    floor is the lowest final version that is allowed and offered; what only the new versions
    fulfil is tried by every other test already.
    """
    members = [m for m in stage.workspace if not m.private]
    upgrades = (trial for member in members for trial in _upgrade(member, stage))
    floors = (trial for member in members for trial in _floor(member, stage))
    return (*upgrades, *floors)


def runtime_requirements(dependencies: Sequence[Dependency]) -> tuple[Constrained, ...]:
    """What of a member's requirements is installed with it, whatever extras are asked for."""
    return tuple((d.on, d.constraint) for d in dependencies if d.kind is DependencyKind.RUNTIME)


def _upgrade(member: Member, stage: Stage) -> Iterator[Trial]:
    newest = max(_offered(member.name, stage), default=None)
    if newest is None or newest == stage.targets.get(member.name):
        return
    allowed = _ranges(stage.required_then(member, newest))
    against = tuple(
        f"{name}=={stage.targets[name]}"
        for name, allows in allowed.items()
        if name in stage.targets and allows(stage.targets[name])
    )
    if against:
        yield Trial(
            kind=TrialKind.PUBLISHED_DEPENDENTS,
            member=member.name,
            install=(f"{member.name}=={newest}", *against),
            against=against,
        )


def _floor(member: Member, stage: Stage) -> Iterator[Trial]:
    target = stage.targets.get(member.name)
    if target is None:
        return
    lowest = {
        name: min(filter(allows, _offered(name, stage)), default=None)
        for name, allows in _ranges(stage.required(member)).items()
    }
    against = tuple(
        f"{name}=={version}"
        for name, version in lowest.items()
        if version is not None and version != stage.targets.get(name)
    )
    if against:
        yield Trial(
            kind=TrialKind.LOWEST_FLOORS,
            member=member.name,
            install=(f"{member.name}=={target}", *against),
            against=against,
        )


def _offered(name: NormalizedName, stage: Stage) -> Sequence[Version]:
    """Final versions that an installer may choose."""
    project = stage.projects.get(name)
    offered = offered_versions(listed_versions(project)) if project is not None else ()
    return [version for version in offered if not version.is_prerelease]


def _ranges(required: Sequence[Constrained]) -> Mapping[NormalizedName, Callable[[Version], bool]]:
    """For each name whether a version satisfies all that is said of it: markers may split it."""
    by_name: dict[NormalizedName, list[Constraint]] = {}
    for name, constraint in required:
        by_name.setdefault(name, []).extend([constraint] if constraint is not None else [])
    return {name: _all_allow(constraints) for name, constraints in by_name.items()}


def _all_allow(constraints: Sequence[Constraint]) -> Callable[[Version], bool]:
    return lambda version: all(constraint.allows(version) for constraint in constraints)
