"""Lay out what has to work beside what is about to be released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.blobs import blobs_at, read_blobs
from monorelease.adapters.git import Repository
from monorelease.adapters.git_process import GitProcess
from monorelease.adapters.tags import Tags
from monorelease.errors import UnreadableFile
from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.manifest import parse_manifest
from monorelease.formats.tags import format_tag
from monorelease.formats.text import decode
from monorelease.model.compatibility import Trial
from monorelease.model.constraint import Constraint
from monorelease.model.value import replace
from monorelease.model.workspace import Member
from monorelease.planning.compatibility import (
    Constrained,
    Stage,
    plan_trials,
    runtime_requirements,
)
from monorelease.workflows.outlook import Outlook, look_ahead
from monorelease.workflows.outstanding import look_outside, released_of
from monorelease.workflows.ports import Index
from monorelease.workflows.read import Snapshot


def lay_out_trials(
    snapshot: Snapshot, index: Index, only: Sequence[NormalizedName] = ()
) -> tuple[Trial, ...]:
    """The trials of what pending fragments release, or else of what waits to be published.

    What a published version requires is read at its tag, or in the work tree where there is
    none.

    Args:
        snapshot: the work tree.
        index: where dependents are published.
        only: members whose trials are meant; empty for all.

    Raises:
        ProblemsFound: the release would be refused.
        IndexUnavailable: the index cannot be asked.
    """
    outlook = look_ahead(snapshot)
    outlook.demand_no_errors()
    targets = outlook.plan.targets or _pending(snapshot, index)
    if not targets:
        return ()
    names = [member.name for member in snapshot.workspace if not member.private]
    past = _Past(snapshot)
    stage = Stage(
        workspace=snapshot.workspace,
        targets=targets,
        projects=index.projects(names),
        required=lambda member: _required(member, outlook),
        required_then=past.required,
    )
    return tuple(t for t in plan_trials(stage) if not only or t.member in only)


def _pending(snapshot: Snapshot, index: Index) -> Mapping[NormalizedName, Version]:
    """The versions that the tree says are released, and the index does not have."""
    outstanding = look_outside(snapshot, released_of(snapshot), index)
    found = (pending.member for pending in outstanding.pending if pending.gap is not None)
    return {member.name: member.version for member in found}


def _required(member: Member, outlook: Outlook) -> Sequence[Constrained]:
    """What it requires, with the constraints that the release raises."""
    after = {
        (update.member, update.dependency.key): update.after
        for release in outlook.plan.releases
        for update in release.constraints
    }
    raised = []
    for dependency in member.dependencies:
        text = after.get((member.name, dependency.key))
        if text is None or dependency.constraint is None:
            raised.append(dependency)
        else:
            constraint = Constraint.parse(text, dependency.constraint.dialect)
            raised.append(replace(dependency, constraint=constraint))
    return runtime_requirements(raised)


class _Past:
    """What members required when they were released."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._git = GitProcess(snapshot.root)
        self._tags = Tags(snapshot.root).here() if Repository.at(snapshot.root) else {}

    def required(self, member: Member, version: Version) -> Sequence[Constrained]:
        commit = self._tags.get(format_tag(self._snapshot.config.tag, member.name, version))
        data = self._read(commit, member.manifest) if commit is not None else None
        if data is None:
            return runtime_requirements(member.dependencies)
        try:
            manifest, _ = parse_manifest(member.path, decode(data, member.manifest))
        except UnreadableFile:
            manifest = None
        if manifest is None:
            return runtime_requirements(member.dependencies)
        dependencies, _ = find_dependencies(manifest, frozenset(self._snapshot.workspace.names))
        return runtime_requirements(dependencies)

    def _read(self, commit: str, path: PurePosixPath) -> bytes | None:
        blobs = blobs_at(self._git, commit, [path])
        return next(iter(read_blobs(self._git, blobs.values()).values()), None)
