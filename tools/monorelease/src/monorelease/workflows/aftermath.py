"""What follows a release in the same transaction: the lock file, then the owner's hooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.adapters.commands import Ended, run
from monorelease.adapters.git import Repository
from monorelease.adapters.journal import Transaction
from monorelease.adapters.tree import Tree
from monorelease.errors import HookFailed, LockFailed, UnreadableFile
from monorelease.model.patch import FileEdit
from monorelease.workflows.notes import OpenRepository
from monorelease.workflows.read import Snapshot

UV_LOCK = PurePosixPath("uv.lock")
SECONDS_TO_LOCK = 300.0
SECONDS_FOR_A_HOOK = 600.0


def update_lock(snapshot: Snapshot, uv: Sequence[str], transaction: Transaction) -> None:
    """Let uv bring ``uv.lock`` up to date, if there is one.

    Without the index first: after a mere change of versions the cache knows everything.

    Raises:
        LockFailed: uv is missing, or cannot resolve the released set.
    """
    if snapshot.tree.read(UV_LOCK) is None:
        return
    transaction.guard(UV_LOCK)
    ended = run([*uv, "lock", "--offline"], snapshot.root, seconds=SECONDS_TO_LOCK)
    if ended.status != 0:
        ended = run([*uv, "lock"], snapshot.root, seconds=SECONDS_TO_LOCK)
    if ended.status != 0:
        raise LockFailed(
            f"`uv lock` failed: {ended.last_words}",
            where=str(UV_LOCK),
            hint="see what uv says; install uv if it is missing (hatch brings one)",
        )


def run_hooks(
    snapshot: Snapshot, open_repository: OpenRepository, transaction: Transaction
) -> None:
    """Run the owner's commands, one after the other, and take in what they change.

    What they change is found through git; without git only the release itself is undone
    when one of them fails.

    Raises:
        HookFailed: one of them failed, or took too long.
    """
    for command in snapshot.config.hooks_after_release:
        repository = open_repository()
        before = _uncommitted(snapshot, repository)
        try:
            ended = run(command, snapshot.root, seconds=SECONDS_FOR_A_HOOK)
        finally:
            _take_in(snapshot, repository, before, transaction)
        if ended.status != 0:
            raise _failed(command, ended)


Contents = Mapping[PurePosixPath, bytes | None]


def _uncommitted(snapshot: Snapshot, repository: Repository | None) -> Contents:
    """Every file that differs from the commit, as it is now."""
    if repository is None:
        return {}
    tree = Tree(snapshot.root)
    contents = {}
    for path in repository.dirty():
        try:
            contents[path] = tree.read(path)
        except UnreadableFile:  # a folder that is a repository of its own, say
            continue
    return contents


def _take_in(
    snapshot: Snapshot,
    repository: Repository | None,
    before: Contents,
    transaction: Transaction,
) -> None:
    if repository is None:
        return
    now = _uncommitted(snapshot, repository)
    tree = Tree(snapshot.root)
    edits = []
    for path in sorted(before.keys() | now.keys()):
        old = before[path] if path in before else repository.content_at_head(path)
        new = now[path] if path in now else tree.read(path)
        if old != new:
            edits.append(FileEdit(path=path, before=old, after=new))
    transaction.include(*edits)


def _failed(command: Sequence[str], ended: Ended) -> HookFailed:
    how = "did not end" if ended.status is None else f"ended with status {ended.status}"
    said = f"\n{ended.last_words}" if ended.last_words else ""
    return HookFailed(
        f"the hook `{' '.join(command)}` {how}: everything is undone{said}",
        where="pyproject.toml",
        hint="repair it, or take it out of [tool.monorelease] hooks.after-release",
    )
