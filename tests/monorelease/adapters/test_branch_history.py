from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.branch_history import DIGEST, BranchHistory
from monorelease.errors import GitFailed
from monorelease.model.release_branch import BranchCommit, CommitKind
from monorelease.model.value import replace
from sandbox import Sandbox


@pytest.fixture
def line(sandbox: Sandbox) -> Sandbox:
    """A base with one file, and the branch ``release`` on it, checked out."""
    sandbox.write({"a": "1\n"})
    sandbox.commit("Begin")
    sandbox.git("checkout", "--quiet", "-b", "release")
    return sandbox


def between(sandbox: Sandbox, base: str = "main", tip: str = "release") -> list[BranchCommit]:
    return list(BranchHistory(sandbox.root).between(base, tip))


def kinds(sandbox: Sandbox) -> list[CommitKind]:
    return [commit.kind for commit in between(sandbox)]


def name(sandbox: Sandbox, ref: str = "HEAD") -> str:
    return sandbox.git("rev-parse", ref).strip()


def release(sandbox: Sandbox, files: dict[str, str]) -> None:
    """A commit as the tool makes it."""
    sandbox.write(files)
    sandbox.commit("Release")
    digest = BranchHistory(sandbox.root).digest("HEAD^", "HEAD")
    sandbox.git("commit", "--quiet", "--amend", "-m", f"Release\n\n{DIGEST}: {digest}")


def base_moves(sandbox: Sandbox, files: dict[str, str]) -> None:
    sandbox.git("checkout", "--quiet", "main")
    sandbox.write(files)
    sandbox.commit("Go on")
    sandbox.git("checkout", "--quiet", "release")


def test_commits_come_oldest_first_with_all_that_is_known(line: Sandbox) -> None:
    line.write({"b": "1"})
    line.commit("One\n\nMore words.")
    first = name(line)
    line.git("commit", "--quiet", "--allow-empty", "--author=Bob | <b@example.org>", "-m", "Two")

    one, two = between(line)

    assert one == BranchCommit(
        name=first,
        parent=name(line, "main"),
        tree=name(line, f"{first}^{{tree}}"),
        author="Ada Lovelace",
        subject="One",
        kind=CommitKind.PERSON,
    )
    assert (two.author, two.subject, two.parent) == ("Bob |", "Two", first)
    assert between(line, "release") == []


def test_our_commit_is_told_by_what_it_changes(line: Sandbox) -> None:
    release(line, {"a": "2\n"})

    assert kinds(line) == [CommitKind.TOOL]


def test_our_commit_is_a_person_s_as_soon_as_a_person_has_changed_it(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    line.write({"a": "3\n"})
    line.git("commit", "--quiet", "--all", "--amend", "--no-edit")

    assert kinds(line) == [CommitKind.PERSON]


def test_our_commit_is_known_by_its_message_below_others(line: Sandbox) -> None:
    history = BranchHistory(line.root)
    release(line, {"a": "2\n"})
    line.write({"a": "3\n"})
    line.commit("Word it better")

    assert history.is_made("HEAD", among=2)
    assert not history.is_made("HEAD", among=1)
    assert not history.is_made("main", among=100)


def test_permissions_are_a_change(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    line.git("update-index", "--chmod=+x", "a")
    line.git("commit", "--quiet", "--amend", "--no-edit")

    assert kinds(line) == [CommitKind.PERSON]


def test_our_commit_stays_ours_where_a_forge_rebases_it(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    base_moves(line, {"elsewhere": "1"})

    line.git("rebase", "--quiet", "main")

    assert kinds(line) == [CommitKind.TOOL]


def test_a_trailer_that_belongs_to_another_commit_makes_none_ours(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    message = line.git("log", "-1", "--format=%B")
    line.write({"b": "mine"})
    line.commit(message)

    assert kinds(line) == [CommitKind.TOOL, CommitKind.PERSON]


def test_a_merge_that_only_brings_the_base_in_is_told_apart(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    base_moves(line, {"b": "1"})

    line.git("merge", "--quiet", "--no-edit", "main")

    assert kinds(line) == [CommitKind.TOOL, CommitKind.MERGE]


def test_a_merge_in_which_somebody_changed_something_is_told_apart(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    base_moves(line, {"b": "1"})
    line.git("merge", "--quiet", "--no-commit", "main")
    line.write({"b": "mine"})
    line.commit("Merge, and more")

    assert kinds(line) == [CommitKind.TOOL, CommitKind.RESOLVED]


def test_a_merge_that_settled_a_conflict_is_told_apart(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    base_moves(line, {"a": "theirs\n"})
    line.run("git", "merge", "--quiet", "main")
    line.write({"a": "both\n"})
    line.commit("Merge")

    assert kinds(line) == [CommitKind.TOOL, CommitKind.RESOLVED]


def test_a_merge_of_three_is_taken_for_somebody_s_own(line: Sandbox) -> None:
    for branch in ("x", "y"):
        line.git("checkout", "--quiet", "-b", branch, "main")
        line.write({branch: "1"})
        line.commit(branch)
    line.git("checkout", "--quiet", "release")
    line.git("commit", "--quiet", "--allow-empty", "-m", "Own")
    line.git("merge", "--quiet", "-m", "All", "x", "y")

    assert kinds(line).count(CommitKind.RESOLVED) == 1


def test_a_branch_of_another_history_is_people_s(line: Sandbox) -> None:
    line.git("checkout", "--quiet", "--orphan", "strange")
    line.commit("Another beginning")

    (found,) = between(line, tip="strange")

    assert (found.kind, found.parent) == (CommitKind.PERSON, "")


def test_what_was_squashed_is_merged(line: Sandbox) -> None:
    history = BranchHistory(line.root)
    release(line, {"a": "2\n", "log": "Words.\n"})
    line.write({"log": "Better words.\n"})
    line.commit("Word it better")
    assert not history.is_merged("main", "release")
    line.git("checkout", "--quiet", "main")
    line.git("merge", "--quiet", "--squash", "release")
    line.commit("Release (#7)")
    line.write({"b": "later"})
    line.commit("Go on")

    assert history.is_merged("main", "release")
    assert not history.has("main", "release")
    assert history.has("main", "main~1")


def test_what_conflicts_is_not_merged(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    base_moves(line, {"a": "theirs\n"})

    assert not BranchHistory(line.root).is_merged("main", "release")


def test_what_was_taken_back_is_not_merged(line: Sandbox) -> None:
    release(line, {"a": "2\n"})
    line.git("revert", "--no-edit", "HEAD")
    base_moves(line, {"b": "1"})

    assert not BranchHistory(line.root).is_merged("main", "release")


def test_what_has_nothing_in_common_is_not_merged(line: Sandbox) -> None:
    line.git("checkout", "--quiet", "--orphan", "strange")
    line.commit("Another beginning")

    assert not BranchHistory(line.root).is_merged("main", "strange")


def test_what_lies_in_this_folder_is_told_from_what_does_not(line: Sandbox) -> None:
    for files in ({"py/a": "1"}, {"py/a": "2", "python": "1"}, {"a": "2"}):
        line.write(files)
        line.commit("Write")
    commits = between(line)

    inside = [BranchHistory(line.root / "py").stays_inside(commit) for commit in commits]

    assert inside == [True, False, False]
    assert all(BranchHistory(line.root).stays_inside(commit) for commit in commits)
    gone = replace(commits[0], name="0123456789" * 4)
    with pytest.raises(GitFailed, match="git diff-tree failed"):
        BranchHistory(line.root).stays_inside(gone)


def test_what_is_not_there_is_told(line: Sandbox) -> None:
    history = BranchHistory(line.root)
    gone = "0123456789" * 4

    with pytest.raises(GitFailed, match="git log failed"):
        history.between("main", gone)
    with pytest.raises(GitFailed, match="git merge-base failed"):
        history.has("main", gone)


def test_a_git_that_cannot_tell_what_a_merge_changes_is_too_old(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="what a merge changes cannot be told") as caught:
        BranchHistory(tmp_path)._merged(("main", "release"))

    assert "2.38" in caught.value.hint
