from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.commit_log import commits_since, file_at, files_of
from monorelease.adapters.git import Repository
from monorelease.errors import GitFailed, UsageProblem
from sandbox import Sandbox

ODD = "odd \N{SNOWMAN}\n name"


@pytest.fixture
def branch(repository: Sandbox) -> Sandbox:
    """Two commits since main, the first with odd names; main has gone on, and is merged."""
    repository.git("switch", "--quiet", "--create", "topic")
    repository.write({f"packages/{ODD}": "1", "packages/core/a.py": "1"})
    repository.commit("feat: one\n\nA body\n\n with é and a\ttab.")
    repository.git("switch", "--quiet", "main")
    repository.write({"packages/client/b.py": "1"})
    repository.commit("fix: not on the branch")
    repository.git("switch", "--quiet", "topic")
    repository.git("merge", "--quiet", "--no-edit", "main")
    repository.commit("chore: empty")
    return repository


def test_a_branch_has_its_own_commits_with_their_words_and_files(branch: Sandbox) -> None:
    empty, one = commits_since(Repository(branch.root), "main")

    assert (empty.message.strip(), empty.paths) == ("chore: empty", ())
    assert one.message.rstrip() == "feat: one\n\nA body\n\n with é and a\ttab."
    assert {str(path) for path in one.paths} == {f"packages/{ODD}", "packages/core/a.py"}
    assert one.name == branch.git("rev-parse", "HEAD~2").strip()


def test_whatever_the_user_has_configured(branch: Sandbox) -> None:
    before = commits_since(Repository(branch.root), "main")
    for key, value in {
        "diff.renames": "copies",
        "diff.noprefix": "true",
        "log.showSignature": "true",
        "log.follow": "true",
        "core.quotePath": "true",
        "i18n.logOutputEncoding": "latin-1",
        "format.pretty": "oneline",
        "log.decorate": "full",
    }.items():
        branch.git("config", key, value)

    assert commits_since(Repository(branch.root), "main") == before


def test_below_the_top_of_a_repository_files_elsewhere_do_not_count(branch: Sandbox) -> None:
    inner = Repository(branch.root / "packages" / "core")

    assert [commit.paths for commit in commits_since(inner, "main")] == [
        (),
        (PurePosixPath("a.py"),),
    ]


def test_a_ref_that_is_unknown_is_refused(branch: Sandbox) -> None:
    with pytest.raises(UsageProblem, match="no commit '--output=x'"):
        commits_since(Repository(branch.root), "--output=x")

    assert not (branch.root / "x").exists()


def test_where_history_was_cut_off_it_says_so(branch: Sandbox, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    branch.git("branch", "old", "main~1")
    words = ("--quiet", "--depth=1", "--no-single-branch", f"file://{branch.root}")
    branch.git("clone", *words, str(clone))

    with pytest.raises(UsageProblem, match="shallow"):
        commits_since(Repository(clone), "origin/old")


def test_the_files_of_single_commits_are_known_of_merges_too(branch: Sandbox) -> None:
    names = branch.git("log", "--format=%H", "-n", "3").split()
    found = files_of(Repository(branch.root), [*names, names[0]])

    assert {len(found[name]) for name in names} == {0, 1, 2}
    assert found[names[1]] == (PurePosixPath("packages/client/b.py"),)
    assert files_of(Repository(branch.root), []) == {}


def test_commits_that_are_not_here_are_refused(branch: Sandbox) -> None:
    with pytest.raises(GitFailed):
        files_of(Repository(branch.root), ["f" * 40])


def test_a_file_is_read_as_a_commit_has_it(branch: Sandbox) -> None:
    repository, path = Repository(branch.root), PurePosixPath("packages/core/pyproject.toml")
    commit = repository.head
    branch.write({str(path): b"\xff\r\n"})
    branch.commit("Edit")

    assert (file_at(repository, commit, path) or b"").startswith(b"[project]")
    assert file_at(repository, repository.head, path) == b"\xff\r\n"
    assert file_at(repository, commit, PurePosixPath("gone.toml")) is None
    inner = Repository(branch.root / "packages")
    assert file_at(inner, repository.head, PurePosixPath("core/pyproject.toml")) == b"\xff\r\n"
