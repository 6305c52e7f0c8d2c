"""Set monorelease up in a repository that is there already, changing nothing that exists."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.small_patch import write_all
from monorelease.errors import ProblemsFound
from monorelease.model.patch import Patch
from monorelease.model.value import value
from monorelease.model.workspace import Member
from monorelease.workflows.likely_members import no_members
from monorelease.workflows.members import ROOT_MANIFEST
from monorelease.workflows.read import read
from monorelease.workflows.setting_up import completed


@value
class Begun:
    """What was found, and what was written."""

    members: tuple[Member, ...]
    written: tuple[PurePosixPath, ...]
    """Empty where everything had been set up before."""


def init(root: Path) -> Begun:
    """Write ``[tool.monorelease]``, ``[tool.towncrier]`` and ``changes/README.md``, if missing.

    Raises:
        NoWorkspace: no members were found.
        ProblemsFound: the root's ``pyproject.toml`` is no TOML.
        EditFailed: no table can be written into it; nothing was.
    """
    snapshot = read(root)
    broken = tuple(f for f in snapshot.findings if f.path == ROOT_MANIFEST and f.is_error)
    if broken:
        raise ProblemsFound(broken)
    if not snapshot.workspace.members:
        raise no_members(root, snapshot.tree)
    edits = completed(snapshot).edits
    write_all(snapshot.root, Patch.of(edits))
    written = tuple(edit.path for edit in edits)
    return Begun(members=snapshot.workspace.members, written=written)
