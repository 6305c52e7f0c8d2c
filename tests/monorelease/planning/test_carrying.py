from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.release_branch import BranchCommit, CommitKind, Step
from monorelease.planning.carrying import (
    MOST_CARRIED,
    Sorted,
    is_current,
    sort_out,
    step_with_release,
    step_without_release,
)

PERSON, TOOL = CommitKind.PERSON, CommitKind.TOOL
MERGE, RESOLVED = CommitKind.MERGE, CommitKind.RESOLVED


def commit(number: int, kind: CommitKind, parent: str = "p", tree: str = "t") -> BranchCommit:
    return BranchCommit(
        name=f"{number:040x}",
        parent=parent,
        tree=tree,
        author="Ada",
        subject=f"Change {number}",
        kind=kind,
    )


def commits(*kinds: CommitKind) -> tuple[BranchCommit, ...]:
    return tuple(commit(number, kind) for number, kind in enumerate(kinds))


branches = st.lists(st.sampled_from(CommitKind), max_size=12).map(lambda kinds: commits(*kinds))
anything = st.booleans()


# ── commits ─────────────────────────────────────────────────────────────────────────────


def test_what_the_tool_made_is_made_anew_and_a_plain_merge_adds_nothing() -> None:
    assert sort_out(commits(TOOL, MERGE, TOOL), is_merged=False) == Sorted()


def test_people_s_commits_are_carried_in_their_order() -> None:
    branch = commits(TOOL, PERSON, MERGE, PERSON)

    found = sort_out(branch, is_merged=False)

    assert found == Sorted(carried=(branch[1], branch[3]))
    assert not found.is_nobodys


def test_a_merge_with_changes_of_its_own_is_all_that_has_to_be_told() -> None:
    branch = commits(TOOL, PERSON, RESOLVED)

    assert sort_out(branch, is_merged=False) == Sorted(stuck=(branch[2],))


def test_so_many_commits_are_somebody_s_own_branch() -> None:
    few, many = (commits(TOOL, *[PERSON] * n) for n in (MOST_CARRIED, MOST_CARRIED + 1))

    assert sort_out(few, is_merged=False) == Sorted(carried=few[1:])
    assert sort_out(many, is_merged=False) == Sorted(stuck=many[1:])


def test_of_what_was_squashed_into_the_base_nothing_is_left_to_keep() -> None:
    assert sort_out(commits(TOOL, PERSON, RESOLVED), is_merged=True).is_nobodys


@pytest.mark.property
@given(branches)
def test_nothing_that_a_person_made_is_ever_lost(branch: tuple[BranchCommit, ...]) -> None:
    found = sort_out(branch, is_merged=False)

    kept = {*found.carried, *found.stuck}
    resolved = [c for c in branch if c.kind is RESOLVED]
    assert found.is_nobodys == (not any(c.kind in {PERSON, RESOLVED} for c in branch))
    # As long as something is stuck the branch is not touched, and with it nothing on it.
    assert found.stuck or kept == {c for c in branch if c.kind is PERSON}
    assert not resolved or found.stuck == tuple(resolved)


@pytest.mark.property
@given(branches)
def test_only_what_a_person_made_is_carried_and_once(branch: tuple[BranchCommit, ...]) -> None:
    found = sort_out(branch, is_merged=False)

    assert all(c.kind is PERSON for c in found.carried)
    assert not (found.carried and found.stuck)
    assert is_subsequence(found.carried, branch)
    assert is_subsequence(found.stuck, branch)


def is_subsequence(some: Sequence[BranchCommit], every: Sequence[BranchCommit]) -> bool:
    rest = iter(every)
    return all(each in rest for each in some)


# ── the release that is there already ───────────────────────────────────────────────────


def test_a_release_is_current_on_its_base_where_it_comes_to_the_same() -> None:
    ours = commit(0, TOOL, "base", "tree")
    branch = (ours, commit(1, PERSON, ours.name, "edited"))

    assert is_current(branch, "base", "tree")
    assert not is_current(branch, "moved", "tree")
    assert not is_current(branch, "base", "other")
    assert not is_current((), "base", "tree")


def test_a_commit_of_a_person_is_no_release_of_ours() -> None:
    assert not is_current((commit(0, PERSON, "base", "tree"),), "base", "tree")


# ── the branch ──────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(anything, anything)
def test_a_branch_with_something_of_a_person_s_is_never_removed(
    exists: bool,  # noqa: FBT001 - as hypothesis gives it
    is_nobodys: bool,  # noqa: FBT001 - likewise
) -> None:
    step = step_without_release(exists=exists, is_nobodys=is_nobodys)

    assert (step is Step.REMOVE) == (exists and is_nobodys)
    assert (step is Step.NOTHING) == (not exists)
    assert (step is Step.LEAVE) == (exists and not is_nobodys)


@pytest.mark.property
@given(anything, anything, anything)
def test_a_branch_is_pushed_unless_it_is_what_it_is_to_be(
    exists: bool,  # noqa: FBT001 - as hypothesis gives it
    has_base: bool,  # noqa: FBT001 - likewise
    is_same: bool,  # noqa: FBT001 - likewise
) -> None:
    step = step_with_release(exists=exists, has_base=has_base, is_same=is_same)

    assert (step is Step.CREATE) == (not exists)
    assert (step is Step.KEEP) == (exists and has_base and is_same)
    assert (step is Step.UPDATE) == (exists and not (has_base and is_same))
