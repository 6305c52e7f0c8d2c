"""Lay a build out for the machines of a CI."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.adapters.git import Repository
from monorelease.formats.platforms import BUILD_SCRIPTS, needs_platform
from monorelease.formats.text import decode
from monorelease.formats.toml import parse
from monorelease.model.matrix import Job, Matrix
from monorelease.model.publication import ReleasedMember
from monorelease.planning.matrix import build_waves
from monorelease.workflows.read import Snapshot


def lay_out(snapshot: Snapshot, members: Sequence[ReleasedMember]) -> Matrix:
    """Who is built beside whom, and on what.

    How a member is built is read in the work tree, where it is what it was at the member's
    release commit, or what it is going to be.
    """
    repository = Repository.at(snapshot.root)
    by_name = {member.name: member for member in members}
    return Matrix(
        commit=repository.head if repository else "",
        waves=tuple(
            tuple(_job(snapshot, by_name[name]) for name in wave)
            for wave in build_waves(snapshot.workspace, by_name)
        ),
    )


def _job(snapshot: Snapshot, member: ReleasedMember) -> Job:
    tree, path = snapshot.tree, snapshot.workspace[member.name].manifest
    data = parse(decode(tree.read(path) or b"", path))
    scripts = [script for script in BUILD_SCRIPTS if tree.exists(path.with_name(script))]
    return Job(member=member, needs_platform=needs_platform(data, scripts))
