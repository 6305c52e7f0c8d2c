from __future__ import annotations

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.workflows.authoring import Drafted, write_fragments
from monorelease.workflows.branch import open_branch
from monorelease.workflows.from_commits import draft_from_commits
from monorelease.workflows.outlook import look_ahead
from monorelease.workflows.read import read
from sandbox import Sandbox


@pytest.fixture
def branch(repository: Sandbox) -> Sandbox:
    repository.git("switch", "--quiet", "--create", "topic")
    return repository


def commit(branch: Sandbox, message: str, *members: str) -> None:
    """A commit that touches these members."""
    number = branch.git("rev-list", "--count", "HEAD").strip()
    branch.write({f"packages/{name}/{number}.py": "1" for name in members})
    branch.commit(message)


def drafted(branch: Sandbox, base: str = "", *, everyone: bool = False) -> Drafted:
    found = open_branch(read(branch.root), Repository.at(branch.root), base)
    return draft_from_commits(found, everyone=everyone)


def said(found: Drafted) -> dict[str, dict[str, str]]:
    return {f.path.name: {e.name: e.bump.word for e in f.entries} for f in found.fragments}


def test_each_commit_is_a_fragment_for_the_members_it_touches(branch: Sandbox) -> None:
    commit(branch, "feat: hear voices (#12)", "client", "server")
    commit(branch, "fix!: free it\n\nBREAKING CHANGE: call `dispose`", "core")
    commit(branch, "fix: hear voices again (#12)", "client")
    found = drafted(branch)

    assert said(found) == {
        "12.feature.md": {"client": "minor", "server": "minor"},
        "+free-it-call-dispose.breaking.md": {"core": "major"},
        "12.fix.md": {"client": "patch"},
    }
    assert found.fragments[1].text == "Free it.\n\nCall `dispose`."
    assert found.story == ()


def test_what_is_written_passes_the_check_and_is_pending(branch: Sandbox) -> None:
    commit(branch, "fix: <<<<<<< `\x1b[2J ``` # a --- b\n\nBREAKING CHANGE: ```\n=======", "core")
    write_fragments(read(branch.root), drafted(branch))

    snapshot = read(branch.root)
    assert [f.entries[0].bump.word for f in snapshot.fragments] == ["major", "patch"]
    assert look_ahead(snapshot).findings == ()


def test_what_is_taken_back_is_not_told(branch: Sandbox) -> None:
    commit(branch, "fix: it", "core")
    branch.git("revert", "--no-edit", "HEAD")

    assert said(drafted(branch)) == {}


def test_members_that_somebody_speaks_of_are_left_alone(branch: Sandbox) -> None:
    commit(branch, "fix: it", "core", "client")
    branch.write({"changes/9.fix.md": "---\ncore: patch\n---\n\nMine.\n"})
    found = drafted(branch)

    assert said(found) == {"+it.fix.md": {"client": "patch"}}
    assert found.story == (
        "left alone, since a fragment of this branch names them: core (or --all)",
    )
    assert said(drafted(branch, everyone=True)) == {
        "+it.fix.md": {"client": "patch", "core": "patch"}
    }


def test_an_empty_fragment_speaks_for_all(branch: Sandbox) -> None:
    commit(branch, "fix: it", "core", "client")
    branch.write({"changes/9.misc.md": "---\n---\n"})

    assert said(drafted(branch)) == {}


def test_fragments_of_the_base_speak_of_other_changes(branch: Sandbox) -> None:
    commit(branch, "fix: it", "core")

    assert said(drafted(branch)) == {"+it.fix.md": {"core": "patch"}}


def test_what_says_nothing_to_users_is_told_to_whom_it_concerns(branch: Sandbox) -> None:
    commit(branch, "chore: tidy", "core")
    commit(branch, "ci: faster", "core")
    commit(branch, "Stuff", "client")
    commit(branch, "Elsewhere")
    quiet, unclear = drafted(branch).story

    assert quiet == "2 commits with nothing for users, by the type: chore and ci"
    assert unclear.startswith("1 commit whose subject does not begin with a type")


def test_where_nothing_is_written_it_is_said_why(branch: Sandbox) -> None:
    commit(branch, "Elsewhere")
    beside = drafted(branch).story
    commit(branch, "fix: it", "core")
    branch.git("revert", "--no-edit", "HEAD")

    assert beside == ("nothing to write for 1 commit since main: no file of a member is touched",)
    assert drafted(branch).story == (
        "nothing to write for 3 commits since main: all of it is taken back again",
    )


def test_a_base_may_be_named(branch: Sandbox) -> None:
    commit(branch, "fix: one", "core")
    branch.git("tag", "v1")
    commit(branch, "fix: two", "core")

    assert list(said(drafted(branch, "v1"))) == ["+two.fix.md"]
    assert drafted(branch, "HEAD").story == ("there is no commit since HEAD",)


def test_without_git_or_a_base_it_says_what_to_do(branch: Sandbox) -> None:
    with pytest.raises(UsageProblem, match="needs git"):
        open_branch(read(branch.root), None)
    branch.git("branch", "--move", "main", "trunk")

    with pytest.raises(UsageProblem, match="made for cannot be told"):
        drafted(branch)
