"""Build into a folder for each wave of uploads, for an uploader that knows of no order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, takewhile
from pathlib import Path

from monorelease.adapters.artifacts import store
from monorelease.model.artifact import Build
from monorelease.model.finding import Finding
from monorelease.model.publication import ReleasedMember
from monorelease.planning.waves import waves
from monorelease.workflows.artifacts import make
from monorelease.workflows.build import BuildMeans
from monorelease.workflows.read import Snapshot


def make_waves(
    members: Sequence[ReleasedMember], snapshot: Snapshot, out: Path, means: BuildMeans
) -> tuple[Build, tuple[Finding, ...]]:
    """Build these members as `make` does, into ``wave-1``, ``wave-2`` … below `out`.

    Each folder has a manifest, and needs only those before it. What an earlier build has left in
    further ones is taken out of them.

    Raises:
        ProblemsFound: members that do not build, or into something else than their tree says.
        TreeNotWritable: `out` cannot be written.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="monorelease-") as scratch:
        made, findings = make(members, snapshot, Path(scratch), means)
        parts = [
            Build(members=tuple(m for m in made.members if m.name in wave))
            for wave in waves(snapshot.workspace, [member.name for member in made.members])
        ]
        folders = (out / f"wave-{number}" for number in count(1))
        for part, folder in zip(parts, folders, strict=False):
            store(part, {a.filename: Path(scratch, a.filename) for a in part.artifacts}, folder)
    for folder in takewhile(Path.is_dir, folders):
        store(Build(members=()), {}, folder)
    return made, findings
