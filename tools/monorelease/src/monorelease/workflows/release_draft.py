"""A release made in a clean checkout of a branch as its remote has it, never in the work tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.branch_history import BranchHistory
from monorelease.adapters.export import commit_time, exported
from monorelease.adapters.git import Repository
from monorelease.adapters.release_branch import ReleaseBranch
from monorelease.adapters.release_checkout import ReleaseCheckout
from monorelease.adapters.remote import Remote
from monorelease.errors import BranchTaken, GitFailed
from monorelease.formats.changelog import section_of
from monorelease.formats.text import decode
from monorelease.model.channel import Channel, Stable
from monorelease.model.patch import Patch
from monorelease.model.plan import Scope
from monorelease.model.release_branch import BranchCommit, CommitKind
from monorelease.model.value import value
from monorelease.workflows.aftermath import Means
from monorelease.workflows.outlook import Outlook, look_ahead
from monorelease.workflows.read import Snapshot, read
from monorelease.workflows.release import Prepared, apply, commit_message, prepare

TRIES = 3
"""How often it is begun anew where somebody has moved a branch meanwhile."""

_FINAL = Stable()


@value
class Wish:
    """Which release is wanted, and of which branch."""

    base: str
    """The branch."""
    means: Means
    """With what the commands run that follow a release."""
    channel: Channel = _FINAL
    scope: Callable[[Snapshot], Scope] = lambda _: Scope()
    """What is asked of the release, once its members are known."""
    day: date | None = None
    """The date in the changelogs; None for the day of the commit that is released."""


@value
class Ground:
    """A clean checkout of the base, beside the branch of its release pull request."""

    outlook: Outlook
    base: str
    """The branch."""
    commit: str
    """What its remote has it on: the full object name."""
    day: date
    branch: ReleaseBranch
    tip: str
    """What that is on, which is in this clone; empty where there is no such branch."""
    commits: tuple[BranchCommit, ...]
    """All on it that the base does not have, parents before children."""
    checkout: ReleaseCheckout
    history: BranchHistory

    @property
    def snapshot(self) -> Snapshot:
        """The workspace in the checkout."""
        return self.outlook.snapshot

    @property
    def prefix(self) -> PurePosixPath:
        """Where the workspace lies in the repository."""
        return self.checkout.prefix


@value
class Made:
    """A release that is committed in the checkout, and nowhere else."""

    prepared: Prepared
    changelogs: Mapping[NormalizedName, str]
    """What each says of this release: as publishing, later, finds it there."""
    commit: str
    """The full object name."""
    title: str
    """What the commit says first."""


@contextmanager
def on_base(remote: Remote, wish: Wish) -> Iterator[Ground]:
    """Check the branch out, as it is on the remote, and look at what it would release.

    What is in the work tree does not matter, nor what was committed and not pushed. Nothing
    of this clone moves.

    Raises:
        BranchTaken: the branch has the release of another workspace.
        GitFailed: the remote cannot be asked, or has no such branch, or this clone is shallow.
        ReleaseError: what is asked of the release does not fit the workspace there.
    """
    _demand_history(remote)
    for _ in range(TRIES):
        commit = ReleaseBranch(remote, "").bring_base(wish.base)
        with exported(remote.root, commit) as folder:
            ground = _ground(remote, wish, commit, folder)
            # Else what the branch has of the base's next commits would be taken for people's.
            if remote.tip(wish.base) == commit:
                yield ground
                return
    raise GitFailed(
        f"the branch {wish.base} was moved {TRIES} times while it was being looked at",
        hint="run the command again",
    )


def _ground(remote: Remote, wish: Wish, commit: str, folder: Path) -> Ground:
    snapshot = read(folder)
    head = snapshot.config.forge.branch.replace("{branch}", wish.base)
    branch, history = ReleaseBranch(remote, head), BranchHistory(folder)
    outlook = look_ahead(snapshot, wish.channel, wish.scope(snapshot))
    tip = branch.bring(commit)
    commits = history.between(commit, tip) if tip else ()
    _demand_ours(head, commits, history)
    seconds = commit_time(folder, commit)
    return Ground(
        outlook=outlook,
        base=wish.base,
        commit=commit,
        day=wish.day or datetime.fromtimestamp(seconds, UTC).date(),
        branch=branch,
        tip=tip,
        commits=commits,
        checkout=ReleaseCheckout(folder, remote.root, seconds),
        history=history,
    )


def _demand_ours(head: str, commits: Sequence[BranchCommit], history: BranchHistory) -> None:
    """Two workspaces of one repository would make their releases in turn, each the other's end."""
    for commit in commits:
        if commit.kind is CommitKind.TOOL and not history.stays_inside(commit):
            raise BranchTaken(
                f"the branch {head} has the release of another workspace in this repository: "
                f"{commit.subject}",
                hint="give each workspace a branch of its own: set branch of "
                "[tool.monorelease.forge], to monorelease/NAME/{branch} for example",
            )


def make(ground: Ground, wish: Wish) -> Made | None:
    """Release, and commit that, in the checkout; None where there is nothing to release.

    The same base, asked for the same, comes to the same commit, whoever makes it and when.

    Raises:
        ProblemsFound: something speaks against it.
        ReleaseError: a file, a changelog, the lock file or a hook failed.
    """

    def open_repository() -> Repository:
        return Repository(ground.snapshot.root)

    prepared = prepare(ground.outlook, open_repository, ground.day)
    if not prepared.plan.releases:
        return None
    patch = apply(prepared, open_repository, wish.means)
    message = commit_message(prepared.plan)
    return Made(
        prepared=prepared,
        changelogs=dict(_sections(prepared, patch)),
        commit=ground.checkout.commit([edit.path for edit in patch.edits], message),
        title=message.partition("\n")[0],
    )


def _sections(prepared: Prepared, patch: Patch) -> Iterator[tuple[NormalizedName, str]]:
    texts = {edit.path: edit.after for edit in patch.edits}
    file = prepared.outlook.snapshot.config.changelog.file
    for release in prepared.plan.releases:
        path = release.path / file
        section = section_of(decode(texts.get(path) or b"", path), release.target)
        if section is not None:
            yield release.name, section


def _demand_history(remote: Remote) -> None:
    if Repository(remote.root).is_shallow:
        raise GitFailed(
            "this clone is shallow: whose commits are on the release branch cannot be told",
            hint="fetch the history: git fetch --unshallow (in a workflow: fetch-depth: 0)",
        )
