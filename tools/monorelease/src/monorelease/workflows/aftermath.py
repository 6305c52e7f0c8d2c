"""What follows a release in the same transaction: the lock file, then the owner's hooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.adapters.commands import Ended, run
from monorelease.adapters.git import Repository
from monorelease.adapters.journal import Transaction
from monorelease.adapters.worktree import Picture, changes_since, picture
from monorelease.errors import HookFailed, LockFailed
from monorelease.model.value import value
from monorelease.workflows.notes import OpenRepository
from monorelease.workflows.read import Snapshot

UV_LOCK = PurePosixPath("uv.lock")
SECONDS_TO_LOCK = 300.0
SECONDS_FOR_A_HOOK = 600.0


@value
class Means:
    """With what commands are run that a release brings about."""

    uv: tuple[str, ...] = ("uv",)
    """The command that keeps ``uv.lock``."""
    environment: Mapping[str, str] | None = None
    """All that they get; None for what this process has. It should hold no token."""


def update_lock(snapshot: Snapshot, means: Means, transaction: Transaction) -> None:
    """Let uv bring ``uv.lock`` up to date, if there is one.

    Without the index first: after a mere change of versions the cache knows everything.

    Raises:
        LockFailed: uv is missing, or cannot resolve the released set.
    """
    if snapshot.tree.read(UV_LOCK) is None:
        return
    transaction.guard(UV_LOCK)
    ended = _lock(snapshot, means, "--offline")
    if ended.status != 0:
        ended = _lock(snapshot, means)
    if ended.status != 0:
        raise LockFailed(
            f"`uv lock` failed:\n{ended.last_words}",
            where=str(UV_LOCK),
            hint="see what uv says; install uv if it is missing (hatch brings one)",
        )


def _lock(snapshot: Snapshot, means: Means, *words: str) -> Ended:
    command = [*means.uv, "lock", *words]
    return run(command, snapshot.root, seconds=SECONDS_TO_LOCK, environment=means.environment)


def run_hooks(
    snapshot: Snapshot, means: Means, open_repository: OpenRepository, transaction: Transaction
) -> None:
    """Run the owner's commands, one after the other, and take in what they change.

    What they change is found through git, bytes and permissions: in files that are tracked, or
    that it would track. Links, what git ignores, git's own index and the world outside are
    theirs alone, and without git all that they do is: then only the release itself is undone
    when one of them fails.

    Raises:
        HookFailed: one of them failed, or took too long.
    """
    for command in snapshot.config.hooks_after_release:
        repository = open_repository()
        before = picture(snapshot.root, repository) if repository else None
        try:
            ended = run(
                command, snapshot.root, seconds=SECONDS_FOR_A_HOOK, environment=means.environment
            )
        finally:
            if repository and before:
                _take_in(snapshot, repository, before, transaction)
        if ended.status != 0:
            raise _failed(command, ended)


def _take_in(
    snapshot: Snapshot, repository: Repository, before: Picture, transaction: Transaction
) -> None:
    changed = changes_since(snapshot.root, repository, before)
    modes = {entry.path: entry.before.mode for entry in changed if entry.before}
    transaction.include(*(entry.edit for entry in changed), modes=modes)


def _failed(command: Sequence[str], ended: Ended) -> HookFailed:
    how = "did not run to its end" if ended.status is None else f"ended with status {ended.status}"
    said = f"\n{ended.last_words}" if ended.last_words else ""
    return HookFailed(
        f"the hook `{' '.join(command)}` {how}: everything is undone{said}",
        where="pyproject.toml",
        hint="repair it, or take it out of [tool.monorelease] hooks.after-release",
    )
