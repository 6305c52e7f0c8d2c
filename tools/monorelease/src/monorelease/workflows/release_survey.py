"""What the branch of a release pull request is to be, and what people have put on it."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.errors import BranchTaken
from monorelease.model.release_branch import BranchCommit, CommitKind, Conflict, Step
from monorelease.model.value import value
from monorelease.model.words import short, some_of
from monorelease.planning.carrying import (
    MOST_CARRIED,
    Sorted,
    is_current,
    sort_out,
    step_with_release,
    step_without_release,
)
from monorelease.workflows.release_draft import Ground, Made


@value
class Survey:
    """What is to be done about the branch."""

    step: Step
    tip: str
    """What it is to be on: the full object name; empty for no branch."""
    people: tuple[BranchCommit, ...] = ()
    """Commits of people's that are carried over, or with which it is left."""


def survey(ground: Ground, made: Made | None) -> Survey:
    """Look at the branch, and put people's commits on the new release, in the checkout.

    Raises:
        BranchTaken: some of them do not fit: the branch has to stay as it is.
        GitFailed: git refused.
    """
    if made is None:
        return _without_release(ground)
    tree = ground.history.tree(made.commit)
    if is_current(ground.commits, ground.commit, tree):
        return Survey(step=Step.KEEP, tip=ground.tip)
    people = _sorted(ground)
    if people.stuck:
        raise _taken(ground, _list(people.stuck) + _why_stuck(people.stuck), people.stuck)
    tip = ground.checkout.carry(people.carried)
    if isinstance(tip, Conflict):
        paths = some_of([str(path) for path in tip.paths])
        words = f"{_list([tip.commit])}, which conflicts with the new release in {paths}"
        raise _taken(ground, words, people.carried)
    exists = bool(ground.tip)
    step = step_with_release(
        exists=exists,
        has_base=exists and ground.history.has(ground.tip, ground.commit),
        is_same=exists and ground.history.tree(ground.tip) == ground.history.tree(tip),
    )
    is_kept = step is Step.KEEP
    return Survey(step=step, tip=ground.tip if is_kept else tip, people=people.carried)


def _without_release(ground: Ground) -> Survey:
    people = _sorted(ground)
    step = step_without_release(exists=_is_there(ground), is_nobodys=people.is_nobodys)
    return Survey(
        step=step,
        tip=ground.tip if step is Step.LEAVE else "",
        people=people.carried + people.stuck,
    )


def _is_there(ground: Ground) -> bool:
    """Whether there is a branch that we made, or people after us: another one is not ours to move.

    Merged, it has nothing that the base has not, but our commit is still below its tip.
    """
    if ground.commits or not ground.tip:
        return bool(ground.commits)
    return ground.history.is_made(ground.tip, among=MOST_CARRIED + 1)


def _sorted(ground: Ground) -> Sorted:
    people = sort_out(ground.commits, is_merged=False)
    if people.is_nobodys:
        return people
    is_merged = ground.history.is_merged(ground.commit, ground.tip)
    return sort_out(ground.commits, is_merged=is_merged)


def _list(commits: Sequence[BranchCommit]) -> str:
    return some_of([f"{short(c.name)} ({c.author}: {c.subject})" for c in commits])


def _why_stuck(commits: Sequence[BranchCommit]) -> str:
    if commits[0].kind is CommitKind.RESOLVED:
        return ", with changes made in a merge, which cannot be made again"
    return f": {len(commits)} commits are too many to be put on a new release one by one"


def _taken(ground: Ground, words: str, commits: Sequence[BranchCommit]) -> BranchTaken:
    head, base = ground.branch.name, ground.base
    names = " ".join(short(commit.name) for commit in commits[:5])
    return BranchTaken(
        f"the branch {head} has commits of people's that cannot be kept on a new release, and "
        f"stays as it is: {words}",
        hint=f"merge it as it is, without what {base} got since; or take them to {base} by a pull "
        f"request of their own (git cherry-pick {names}) and delete {head}; or delete {head}, and "
        "them with it: the next run makes it anew",
    )
