"""Fragments from conventional commits, each for the members whose files the commit touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.utils import NormalizedName

from monorelease.adapters.commit_log import commits_since
from monorelease.formats.commits import read_commit, reverted_by
from monorelease.model.saying import LoggedCommit, ToldCommit
from monorelease.model.words import counted, short, some_of
from monorelease.planning.intents import Told, intents_of_commits
from monorelease.workflows.authoring import Drafted, draft_fragments
from monorelease.workflows.branch import Branch, spoken_of
from monorelease.workflows.check import touched_members
from monorelease.workflows.read import Snapshot


def draft_from_commits(branch: Branch, *, everyone: bool = False) -> Drafted:
    """What the commits since the branch's base come to.

    Members that a fragment of the branch names are left alone, unless `everyone` is meant.

    Raises:
        UsageProblem: the clone is too shallow to tell.
        ProblemsFound: a fragment would not pass `check`.
    """
    snapshot = branch.snapshot
    logged = commits_since(branch.repository, branch.base)
    commits = [_told(commit, snapshot) for commit in logged]
    taken = frozenset() if everyone else spoken_of(branch).names
    told = intents_of_commits(
        commits, snapshot.workspace.names, snapshot.config.towncrier.categories, taken
    )
    story = _story(branch, commits, told, taken)
    return draft_fragments(snapshot, told.intents, story=story)


def _told(commit: LoggedCommit, snapshot: Snapshot) -> ToldCommit:
    return ToldCommit(
        name=commit.name,
        saying=read_commit(commit.message),
        names=tuple(touched_members(commit.paths, snapshot.workspace, snapshot.config)),
        reverts=reverted_by(commit.message),
    )


def _story(
    branch: Branch, commits: Sequence[ToldCommit], told: Told, taken: frozenset[NormalizedName]
) -> tuple[str, ...]:
    """What is to know beside the fragments; where there are none, at least why."""
    lines = tuple(_passed_over(commits, told, taken))
    return lines if lines or told.intents else (_nothing(branch, commits),)


def _nothing(branch: Branch, commits: Sequence[ToldCommit]) -> str:
    if not commits:
        return f"there is no commit since {branch.base}"
    is_touching = any(commit.names for commit in commits)
    why = "all of it is taken back again" if is_touching else "no file of a member is touched"
    return f"nothing to write for {counted(len(commits), 'commit')} since {branch.base}: {why}"


def _passed_over(
    commits: Sequence[ToldCommit], told: Told, taken: frozenset[NormalizedName]
) -> Iterator[str]:
    named = {name for commit in commits for name in commit.names}
    if left := sorted(named & taken):
        yield f"left alone, since a fragment of this branch names them: {some_of(left)} (or --all)"
    if told.silent:
        types = sorted({commit.saying.type for commit in told.silent if commit.saying})
        number = counted(len(told.silent), "commit")
        yield f"{number} with nothing for users, by the type: {some_of(types)}"
    if told.unclear:
        names = [short(commit.name) for commit in told.unclear]
        yield (
            f"{counted(len(names), 'commit')} whose subject does not begin with a type that "
            f"speaks of users, like fix: or feat: {some_of(names)}; write those fragments with "
            "`monorelease add`"
        )
