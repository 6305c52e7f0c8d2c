"""What has to be built: the released members, and the siblings that their builds require."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from packaging.utils import InvalidWheelFilename, NormalizedName, parse_wheel_filename
from packaging.version import Version

from monorelease.adapters.build_job import Job
from monorelease.adapters.export import commit_time
from monorelease.errors import UsageProblem
from monorelease.model.publication import ReleasedMember
from monorelease.model.workspace import Dependency, DependencyKind, VersionFromTags, Workspace
from monorelease.planning.waves import publication_order
from monorelease.workflows.read import Snapshot

Snapshots = Mapping[str, Snapshot]
"""A clean checkout of each commit."""

Versions = Mapping[NormalizedName, Version]


def build_jobs(
    members: Sequence[ReleasedMember],
    snapshots: Snapshots,
    linked: Versions,
    wheels_only: Collection[NormalizedName],
) -> tuple[Job, ...]:
    """A job for each of `members`, and for what their builds require; this comes first.

    A sibling that is required and not released now is built too, from the same commit as who
    requires it, and thrown away: on an index there may be a namesake of it, or an older one, or
    nothing yet. Left to an index is one of which another version is required than there is at
    the commit, and one whose version is its tag.

    Args:
        members: what is released.
        snapshots: a clean checkout of each of their commits.
        linked: siblings that were built elsewhere, and need not be built again.
        wheels_only: members without a source distribution.
    """
    helpers = _helpers(members, snapshots, linked)
    everyone = {member.name: member for member in (*members, *helpers)}
    together = Workspace(
        members=tuple(snapshots[m.commit].workspace[m.name] for m in everyone.values())
    )
    times = {c: commit_time(snapshots[c].root, c) for c in {m.commit for m in members}}
    offered = {**linked, **_versions(everyone.values())}
    jobs = []
    for name in publication_order(together, together.names):
        member = everyone[name]
        snapshot = snapshots[member.commit]
        needs = _needed_to_build(name, snapshot.workspace, offered)
        jobs.append(
            Job(
                name=name,
                version=member.version,
                folder=snapshot.root / together[name].path,
                epoch=times[member.commit],
                needs=tuple(need for need in needs if need in everyone),
                pins={need: offered[need] for need in needs},
                wheel_only=name in wheels_only or member in helpers,
            )
        )
    return tuple(jobs)


def linked_versions(folders: Iterable[Path]) -> Versions:
    """The newest version of each project of which there is a wheel in these folders.

    Raises:
        UsageProblem: there is no such folder.
    """
    found: dict[NormalizedName, Version] = {}
    for folder in folders:
        if not folder.is_dir():
            raise UsageProblem(
                f"there is no folder {folder}",
                hint="name one that an earlier build went into: --find-links DIR",
            )
        for name, version in _wheels(folder):
            found[name] = max(version, found.get(name, version))
    return found


def _wheels(folder: Path) -> Iterator[tuple[NormalizedName, Version]]:
    for wheel in sorted(folder.glob("*.whl")):
        try:
            name, version, *_ = parse_wheel_filename(wheel.name)
        except InvalidWheelFilename:
            continue  # uv passes over it as well
        yield name, version


def _helpers(
    members: Sequence[ReleasedMember], snapshots: Snapshots, linked: Versions
) -> tuple[ReleasedMember, ...]:
    """What has to be built besides."""
    found = {member.name: member for member in members}
    waiting = [*members]
    while waiting:
        member = waiting.pop()
        workspace = snapshots[member.commit].workspace
        offered = {**_at_their_commit(workspace), **linked, **_versions(found.values())}
        for name in _needed_to_build(member.name, workspace, offered):
            if name not in found and name not in linked:
                found[name] = ReleasedMember(
                    name=name,
                    version=offered[name],
                    path=workspace[name].path,
                    commit=member.commit,
                    tag="",
                )
                waiting.append(found[name])
    return tuple(found.values())[len(members) :]


def _needed_to_build(
    name: NormalizedName, workspace: Workspace, offered: Versions
) -> tuple[NormalizedName, ...]:
    """What its build system requires of what is offered, and all that is installed with that."""
    found: dict[NormalizedName, None] = {}
    waiting = [d for d in workspace[name].dependencies if d.kind is DependencyKind.BUILD]
    while waiting:
        dependency = waiting.pop()
        version = offered.get(dependency.on)
        if dependency.on in {name, *found} or version is None or not dependency.allows(version):
            continue
        found[dependency.on] = None
        waiting += _installed_with(dependency, workspace)
    return tuple(found)


def _installed_with(dependency: Dependency, workspace: Workspace) -> Iterator[Dependency]:
    kinds = {DependencyKind.RUNTIME}
    if "[" in dependency.prefix:
        kinds.add(DependencyKind.EXTRA)
    return (each for each in workspace[dependency.on].dependencies if each.kind in kinds)


def _at_their_commit(workspace: Workspace) -> Versions:
    return {
        member.name: member.version
        for member in workspace
        if member.version is not None and not isinstance(member.version_source, VersionFromTags)
    }


def _versions(members: Iterable[ReleasedMember]) -> Versions:
    return {member.name: member.version for member in members}
