"""Take the last release back, as long as it is not committed."""

from __future__ import annotations

from pathlib import Path

from monorelease.adapters import undo
from monorelease.adapters.git import Repository
from monorelease.adapters.state import state_folder
from monorelease.adapters.undo import Undone
from monorelease.errors import NothingToUndo


def take_back(root: Path, repository: Repository | None, *, force: bool) -> Undone:
    """Make every file of the last release what it was before it.

    Raises:
        NothingToUndo: there is no such release, or it is committed.
        EditedSinceRelease: a file was edited since, and not `force`; nothing was done.
    """
    state = state_folder(root)
    record = undo.last_patch(state)
    if record is not None and repository is not None:
        paths = {edit.path for edit in record.patch.edits}
        if not paths & set(repository.dirty()):
            undo.forget(state)
            raise NothingToUndo(
                "the last release is committed, or was put back by hand",
                hint="to take a commit back: git revert",
            )
    return undo.undo(root, state, force=force)
