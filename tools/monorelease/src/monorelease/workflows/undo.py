"""Take the last release back, as long as it is not committed."""

from __future__ import annotations

from pathlib import Path

from monorelease.adapters import undo
from monorelease.adapters.git import Repository
from monorelease.adapters.state import RELEASE, state_folder
from monorelease.adapters.undo import Record, Undone
from monorelease.errors import DirtyTree, NothingToUndo
from monorelease.model.patch import Patch
from monorelease.workflows.notes import OpenRepository


def take_back(root: Path, repository: Repository | None, *, force: bool) -> Undone:
    """Make every file of the last release what it was before it.

    Raises:
        NothingToUndo: there is no such release, or it is committed.
        EditedSinceRelease: a file was edited since, and not `force`; nothing was done.
    """
    state = state_folder(root)
    record = undo.last_patch(state)
    if record is not None and repository is not None and _is_settled(record.patch, repository):
        undo.forget(state)
        raise NothingToUndo(
            "the last release is committed, or was put back by hand",
            hint="to take a commit back: git revert",
        )
    return undo.undo(root, state, force=force)


def demand_settled(root: Path, open_repository: OpenRepository) -> None:
    """Let no release build on one that nobody has decided about.

    A second one would put the first out of reach of `undo`, and take its versions, and a
    snapshot's exact pins, for what people have.

    Raises:
        DirtyTree: the last release is neither committed nor taken back.
    """
    record = unsettled(root, open_repository)
    if record is not None:
        raise DirtyTree(
            f"the last {record.label} is not committed",
            hint="commit it, or take it back first: monorelease undo",
        )


def unsettled(root: Path, open_repository: OpenRepository) -> Record | None:
    """What was written last, if git knows that it is neither committed nor taken back."""
    record = undo.last_patch(state_folder(root))
    repository = open_repository()
    if record is None or repository is None or _is_settled(record.patch, repository):
        return None
    return record


def unsettled_release(root: Path, open_repository: OpenRepository) -> Patch | None:
    """What the last release wrote, if git knows that it is neither committed nor taken back.

    None, too, where something else was written last, by ``migrate`` for example.
    """
    record = unsettled(root, open_repository)
    return record.patch if record is not None and record.label == RELEASE else None


def _is_settled(patch: Patch, repository: Repository) -> bool:
    """Whether git shows nothing of the release any more, or its commit holds all of it.

    The commit is asked as well since a file may have been edited after it. The first file
    of a release that is not committed ends the question.
    """
    dirty = set(repository.dirty())
    if not any(edit.path in dirty for edit in patch.edits):
        return True
    return all(repository.content_at_head(edit.path) == edit.after for edit in patch.edits)
