"""What becomes of the commits on the branch of a release pull request, and of the branch."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.model.release_branch import BranchCommit, CommitKind, Step
from monorelease.model.value import value

MOST_CARRIED = 100
"""From how many commits of people's on it is no release branch, but somebody's own."""


@value
class Sorted:
    """People's commits, oldest first: those that can be put on a new release, and the others."""

    carried: tuple[BranchCommit, ...] = ()
    stuck: tuple[BranchCommit, ...] = ()
    """As long as there are any, the branch has to stay as it is."""

    @property
    def is_nobodys(self) -> bool:
        """Whether nothing is lost with the branch."""
        return not self.carried and not self.stuck


def sort_out(commits: Sequence[BranchCommit], *, is_merged: bool) -> Sorted:
    """Whose commits are to be kept.

    What we made is made anew, and a merge without anything of its own adds nothing to the
    commits that it has merged. A merge in which somebody has settled something can be neither
    left out nor carried over.

    Args:
        commits: all on the branch that the base does not have, oldest first.
        is_merged: whether the base has what all of them together do, under other names: their
            pull request was squashed, or rebased, into it.
    """
    if is_merged:
        return Sorted()
    if any(c.kind is CommitKind.RESOLVED for c in commits):
        return Sorted(stuck=tuple(c for c in commits if c.kind is CommitKind.RESOLVED))
    people = tuple(commit for commit in commits if commit.kind is CommitKind.PERSON)
    return Sorted(stuck=people) if len(people) > MOST_CARRIED else Sorted(carried=people)


def is_current(commits: Sequence[BranchCommit], parent: str, tree: str) -> bool:
    """Whether the release that would be made is on the branch already, whatever follows it.

    Args:
        commits: as for `sort_out`.
        parent: the commit that the release would be made on.
        tree: what it would come to.
    """
    return any(
        (commit.parent, commit.tree) == (parent, tree)
        for commit in commits
        if commit.kind is CommitKind.TOOL
    )


def step_without_release(*, exists: bool, is_nobodys: bool) -> Step:
    """What is done about the branch where nothing is to be released."""
    if not exists:
        return Step.NOTHING
    return Step.REMOVE if is_nobodys else Step.LEAVE


def step_with_release(*, exists: bool, has_base: bool, is_same: bool) -> Step:
    """What is done about the branch where there is a release.

    Args:
        exists: whether there is a branch.
        has_base: whether it has all commits of its base.
        is_same: whether its files are those that it is to have.
    """
    if not exists:
        return Step.CREATE
    return Step.KEEP if has_base and is_same else Step.UPDATE
