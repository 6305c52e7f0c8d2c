from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.remote import Remote
from monorelease.errors import GitFailed
from publishing import add_remote
from sandbox import Sandbox


@pytest.fixture
def origin(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A bare repository as the sandbox's ``origin``; both have one commit."""
    bare = tmp_path / "origin.git"
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    add_remote(sandbox, bare)
    return bare


def commit(sandbox: Sandbox, message: str) -> str:
    sandbox.commit(message)
    return head(sandbox)


def head(sandbox: Sandbox) -> str:
    return sandbox.git("rev-parse", "HEAD").strip()


def somebody_pushes(sandbox: Sandbox, origin: Path, folder: Path, *words: str) -> str:
    """Another clone commits on top of main and pushes; the commit's name."""
    sandbox.git("clone", "--quiet", str(origin), str(folder))
    other = ("-C", str(folder))
    sandbox.git(*other, "commit", "--quiet", "--allow-empty", "-m", "Theirs")
    sandbox.git(*other, "push", "--quiet", "origin", *(words or ("main",)))
    return sandbox.git(*other, "rev-parse", "HEAD").strip()


def state(sandbox: Sandbox) -> tuple[str, set[str]]:
    """Every name in the repository, and every file of git's but objects."""
    git = sandbox.root / ".git"
    files = {str(path.relative_to(git)) for path in git.rglob("*") if path.is_file()}
    return sandbox.git("show-ref", "--head"), {f for f in files if not f.startswith("objects/")}


# ── names ───────────────────────────────────────────────────────────────────────────────


def test_a_remote_exists_where_it_is_configured(sandbox: Sandbox, origin: Path) -> None:
    assert Remote(sandbox.root, "origin").exists
    assert not Remote(sandbox.root, "upstream").exists
    assert not Remote(sandbox.root, "--all").exists
    assert not Remote(sandbox.root, str(origin)).exists
    assert Remote(sandbox.root, "origin").name == "origin"


@pytest.mark.usefixtures("origin")
def test_the_current_branch_is_empty_off_all_branches(sandbox: Sandbox) -> None:
    remote = Remote(sandbox.root, "origin")
    sandbox.git("tag", "team/work")
    sandbox.git("checkout", "--quiet", "-b", "team/work")
    assert remote.current_branch() == "team/work"

    sandbox.git("checkout", "--quiet", "--detach")

    assert remote.current_branch() == ""


def test_a_branch_without_a_commit_is_one(sandbox: Sandbox) -> None:
    assert Remote(sandbox.root, "origin").current_branch() == "main"


def test_the_default_branch_is_what_the_remote_says_now(sandbox: Sandbox, origin: Path) -> None:
    sandbox.git("push", "--quiet", "origin", "main:trunk/one")
    sandbox.git("push", "--quiet", "origin", "main:refs/heads/HEAD")
    sandbox.git("remote", "set-head", "origin", "main")
    sandbox.git(f"--git-dir={origin}", "symbolic-ref", "HEAD", "refs/heads/trunk/one")

    assert Remote(sandbox.root, "origin").default_branch() == "trunk/one"


def test_a_remote_without_a_branch_has_no_default(sandbox: Sandbox, origin: Path) -> None:
    sandbox.git(f"--git-dir={origin}", "update-ref", "-d", "refs/heads/main")

    assert Remote(sandbox.root, "origin").default_branch() == ""


def test_a_remote_off_all_branches_has_no_default(sandbox: Sandbox, origin: Path) -> None:
    there = f"--git-dir={origin}"
    sandbox.git(there, "update-ref", "--no-deref", "HEAD", head(sandbox))
    sandbox.git(there, "symbolic-ref", "refs/heads/x/HEAD", "refs/heads/main")

    assert Remote(sandbox.root, "origin").default_branch() == ""


# ── missing ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("origin")
def test_what_was_pushed_is_not_missing(sandbox: Sandbox) -> None:
    first, second = head(sandbox), commit(sandbox, "Second")
    sandbox.git("push", "--quiet", "origin", "main")

    assert Remote(sandbox.root, "origin").missing([first, second], "main") == ()


@pytest.mark.usefixtures("origin")
def test_what_was_not_pushed_is_missing_once_and_in_order(sandbox: Sandbox) -> None:
    first, second, third = head(sandbox), commit(sandbox, "Second"), commit(sandbox, "Third")
    remote = Remote(sandbox.root, "origin")

    assert remote.missing([third, first, second, third], "main") == (third, second)
    assert remote.missing([], "main") == ()


def test_what_this_clone_remembers_of_the_remote_is_not_believed(
    sandbox: Sandbox, origin: Path
) -> None:
    second = commit(sandbox, "Second")
    sandbox.git("push", "--quiet", "origin", "main")
    sandbox.git(f"--git-dir={origin}", "update-ref", "refs/heads/main", "HEAD~1")

    assert Remote(sandbox.root, "origin").missing([second], "main") == (second,)


def test_where_the_remote_is_ahead_nothing_is_missing_and_no_name_moves(
    sandbox: Sandbox, origin: Path, tmp_path: Path
) -> None:
    first = head(sandbox)
    sandbox.git("config", "fetch.prune", "true")
    sandbox.git("config", "fetch.pruneTags", "true")
    sandbox.git("config", "remote.origin.tagOpt", "--tags")
    sandbox.git("tag", "mine")
    sandbox.git("update-ref", "refs/remotes/origin/gone", first)
    theirs = somebody_pushes(sandbox, origin, tmp_path / "other")
    sandbox.git("-C", str(tmp_path / "other"), "tag", "theirs")
    sandbox.git("-C", str(tmp_path / "other"), "push", "--quiet", "origin", "theirs")
    before = state(sandbox)

    assert Remote(sandbox.root, "origin").missing([first], "main") == ()

    assert state(sandbox) == before
    assert sandbox.git("cat-file", "-t", theirs) == "commit\n"


def test_where_both_went_on_only_ours_is_missing(
    sandbox: Sandbox, origin: Path, tmp_path: Path
) -> None:
    first = head(sandbox)
    somebody_pushes(sandbox, origin, tmp_path / "other")
    second = commit(sandbox, "Second")

    assert Remote(sandbox.root, "origin").missing([first, second], "main") == (second,)


@pytest.mark.usefixtures("origin")
def test_another_branch_does_not_count(sandbox: Sandbox) -> None:
    first, second = head(sandbox), commit(sandbox, "Second")
    sandbox.git("push", "--quiet", "origin", "main:work")
    sandbox.git("push", "--quiet", "origin", "main:x/refs/heads/none")
    remote = Remote(sandbox.root, "origin")

    assert remote.missing([first, second], "main") == (second,)
    assert remote.missing([first, second], "work") == ()
    assert remote.missing([first], "none") == (first,)
    assert remote.missing([first], "ma*") == (first,)


@pytest.mark.usefixtures("origin")
def test_off_all_branches_it_is_told_too(sandbox: Sandbox) -> None:
    first = head(sandbox)
    sandbox.git("checkout", "--quiet", "--detach")
    second = commit(sandbox, "Second")

    assert Remote(sandbox.root, "origin").missing([first, second], "main") == (second,)


def test_a_shallow_clone_can_tell_as_well(sandbox: Sandbox, origin: Path, tmp_path: Path) -> None:
    commit(sandbox, "Second")
    sandbox.git("push", "--quiet", "origin", "main")
    clone = tmp_path / "clone"
    sandbox.git("clone", "--quiet", "--depth=1", f"file://{origin}", str(clone))
    somebody_pushes(sandbox, origin, tmp_path / "other")

    assert Remote(clone, "origin").missing([head(sandbox)], "main") == ()


@pytest.mark.usefixtures("origin")
def test_a_root_below_the_top_has_the_same_remote(sandbox: Sandbox) -> None:
    (sandbox.root / "mono").mkdir()

    assert Remote(sandbox.root / "mono", "origin").missing([head(sandbox)], "main") == ()


# ── what can go wrong ───────────────────────────────────────────────────────────────────


def test_a_remote_that_cannot_be_reached_is_said(sandbox: Sandbox, origin: Path) -> None:
    origin.rename(origin.with_name("moved.git"))
    remote = Remote(sandbox.root, "origin")

    for ask in (remote.default_branch, lambda: remote.missing([head(sandbox)], "main")):
        with pytest.raises(GitFailed, match=r"the remote 'origin' cannot be used") as caught:
            ask()
        assert "git remote -v" in caught.value.hint


def test_a_remote_that_is_not_there_at_all_is_said(sandbox: Sandbox) -> None:
    sandbox.commit("First")

    with pytest.raises(GitFailed, match="'origin' does not appear to be a git repository"):
        Remote(sandbox.root, "origin").default_branch()


@pytest.mark.usefixtures("origin")
def test_a_commit_that_is_not_here_is_said(sandbox: Sandbox) -> None:
    with pytest.raises(GitFailed, match="rev-list"):
        Remote(sandbox.root, "origin").missing(["0123456789" * 4], "main")


def test_a_branch_that_is_replaced_meanwhile_is_said(
    sandbox: Sandbox, origin: Path, tmp_path: Path
) -> None:
    """Here the remote answers with a tip that the fetch, a moment later, does not bring."""
    somebody_pushes(sandbox, origin, tmp_path / "other")
    old = head(sandbox)
    wrapper = tmp_path / "upload-pack"
    wrapper.write_text(
        "#!/bin/sh\n"
        f'[ -e "{tmp_path}/asked" ] && git -C "{origin}" update-ref refs/heads/main {old}\n'
        f'touch "{tmp_path}/asked"\nexec git-upload-pack "$@"\n'
    )
    wrapper.chmod(0o755)
    sandbox.git("config", "remote.origin.uploadpack", str(wrapper))

    with pytest.raises(GitFailed, match="was replaced while it was being looked at"):
        Remote(sandbox.root, "origin").missing([old], "main")


# ── a branch as it is now ───────────────────────────────────────────────────────────────


def test_a_branch_is_brought_without_moving_anything(
    sandbox: Sandbox, origin: Path, tmp_path: Path
) -> None:
    remote = Remote(sandbox.root, "origin")
    theirs = somebody_pushes(sandbox, origin, tmp_path / "clone")
    before = state(sandbox)

    assert remote.tip("main") == theirs
    assert sandbox.run("git", "cat-file", "-e", theirs).status != 0
    assert remote.bring("main") == theirs
    assert sandbox.run("git", "cat-file", "-e", theirs).status == 0
    assert state(sandbox) == before


@pytest.mark.usefixtures("origin")
def test_a_branch_that_is_not_there_is_brought_as_nothing(sandbox: Sandbox) -> None:
    assert Remote(sandbox.root, "origin").bring("nowhere") == ""
