from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.export import exported
from monorelease.adapters.release_branch import ReleaseBranch
from monorelease.adapters.release_checkout import ReleaseCheckout
from monorelease.adapters.remote import Remote
from monorelease.errors import GitFailed
from publishing import add_remote
from sandbox import Sandbox

HEAD = "monorelease/main"
REF = f"refs/heads/{HEAD}"


@pytest.fixture
def origin(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A bare repository as the sandbox's ``origin``; both have one commit."""
    bare = tmp_path / "origin.git"
    sandbox.write({"a": "1\n"})
    sandbox.commit("First")
    add_remote(sandbox, bare)
    return bare


def branch(sandbox: Sandbox) -> ReleaseBranch:
    return ReleaseBranch(Remote(sandbox.root, "origin"), HEAD)


def head(sandbox: Sandbox) -> str:
    return sandbox.git("rev-parse", "HEAD").strip()


def there(sandbox: Sandbox) -> str:
    return sandbox.git("ls-remote", "origin", REF).partition("\t")[0]


def push(sandbox: Sandbox, seen: str, text: str = "2\n") -> tuple[bool, str]:
    """Push a commit that is in a scratch checkout alone; whether it was, and its name."""
    with exported(sandbox.root, "HEAD") as folder:
        checkout = ReleaseCheckout(folder, sandbox.root, 1_795_000_000)
        (folder / "a").write_text(text)
        commit = checkout.commit([PurePosixPath("a")], "Release")
        return branch(sandbox).push(checkout.repository, seen), commit


def hook(origin: Path, name: str, words: str) -> None:
    place = origin / "hooks" / name
    place.write_text(f"#!/bin/sh\n{words}\n")
    place.chmod(0o755)


@pytest.mark.usefixtures("origin")
def test_a_branch_is_made_moved_and_removed(sandbox: Sandbox) -> None:
    assert branch(sandbox).bring("HEAD") == ""

    made, first = push(sandbox, "")
    moved, second = push(sandbox, first, "3\n")

    assert (made, moved) == (True, True)
    assert there(sandbox) == second == branch(sandbox).bring("HEAD")
    assert branch(sandbox).delete(second)
    assert there(sandbox) == ""


@pytest.mark.usefixtures("origin")
def test_of_this_clone_only_what_it_knows_of_the_remote_moves(sandbox: Sandbox) -> None:
    refs = set(sandbox.git("show-ref").splitlines())

    _, commit = push(sandbox, "")

    tracked = f"{commit} refs/remotes/origin/{HEAD}"
    assert set(sandbox.git("show-ref").splitlines()) == refs | {tracked}
    assert "missing" not in sandbox.git("fsck", "--no-dangling")
    assert not (sandbox.root / ".git" / "FETCH_HEAD").exists()


@pytest.mark.usefixtures("origin")
def test_looking_at_the_branch_moves_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    _, commit = push(sandbox, "")
    other = Sandbox.copied(sandbox.root, tmp_path / "other")
    other.git("update-ref", "-d", f"refs/remotes/origin/{HEAD}")
    before = other.git("show-ref")

    assert branch(other).bring("HEAD") == commit
    assert other.git("show-ref") == before


@pytest.mark.usefixtures("origin")
def test_a_branch_that_somebody_has_moved_is_left_alone(sandbox: Sandbox) -> None:
    sandbox.git("push", "--quiet", "origin", f"HEAD:{REF}")
    seen = head(sandbox)
    sandbox.commit("Theirs")
    sandbox.git("push", "--quiet", "origin", f"HEAD:{REF}")

    assert not push(sandbox, seen)[0]
    assert not push(sandbox, "")[0]
    assert not branch(sandbox).delete(seen)
    assert there(sandbox) == head(sandbox)


@pytest.mark.usefixtures("origin")
def test_a_branch_that_somebody_has_removed_is_not_made_again(sandbox: Sandbox) -> None:
    seen = head(sandbox)

    assert not push(sandbox, seen)[0]
    assert not branch(sandbox).delete(seen)
    assert there(sandbox) == ""


@pytest.mark.usefixtures("origin")
def test_who_pushes_the_very_same_loses_nothing(sandbox: Sandbox) -> None:
    _, commit = push(sandbox, "")

    assert push(sandbox, "") == (True, commit)


def test_a_remote_that_takes_nothing_is_told_with_its_words(sandbox: Sandbox, origin: Path) -> None:
    hook(origin, "pre-receive", "echo 'GH013: rules for branches'; exit 1")

    with pytest.raises(GitFailed, match=f"does not take the branch {HEAD}") as caught:
        push(sandbox, "")

    assert "GH013: rules for branches" in caught.value.problem
    assert "contents: write" in caught.value.hint


@pytest.mark.usefixtures("origin")
def test_a_hook_of_the_user_s_may_refuse(sandbox: Sandbox) -> None:
    hook(sandbox.root / ".git", "pre-push", "echo not on a Friday >&2; exit 1")

    with pytest.raises(GitFailed, match=r"was not pushed: (?s:.*)not on a Friday") as caught:
        push(sandbox, "")

    assert "pre-push" in caught.value.hint


def test_a_remote_that_is_gone_is_told(sandbox: Sandbox, origin: Path) -> None:
    origin.rename(origin.with_name("elsewhere.git"))

    with pytest.raises(GitFailed, match="the remote 'origin' cannot be used"):
        push(sandbox, "")


@pytest.mark.usefixtures("origin")
def test_the_base_is_what_the_remote_has(sandbox: Sandbox) -> None:
    first = head(sandbox)
    sandbox.commit("Not pushed")

    assert branch(sandbox).bring_base("main") == first


@pytest.mark.usefixtures("origin")
def test_a_base_that_the_remote_has_not_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(GitFailed, match="origin has no branch 'hotfix/1'") as caught:
        branch(sandbox).bring_base("hotfix/1")

    assert "--base" in caught.value.hint


def test_a_partial_clone_gets_what_it_has_left_out(
    sandbox: Sandbox, origin: Path, tmp_path: Path
) -> None:
    sandbox.git(f"--git-dir={origin}", "config", "uploadpack.allowFilter", "true")
    sandbox.git(f"--git-dir={origin}", "config", "uploadpack.allowAnySHA1InWant", "true")
    sandbox.git("checkout", "--quiet", "-b", "theirs")
    for text in ("2\n", "3\n"):
        sandbox.write({"a": text})
        sandbox.commit("Theirs")
        sandbox.git("push", "--quiet", "--force", "origin", f"HEAD:{REF}")
    partial = Sandbox.__new__(Sandbox)
    partial.root = tmp_path / "partial"
    options = ("--quiet", "--filter=blob:none", "--no-checkout", "--single-branch")
    sandbox.git("clone", *options, "--branch=main", origin.as_uri(), str(partial.root))

    base = branch(partial).bring_base("main")
    tip = branch(partial).bring(base)

    partial.git("remote", "set-url", "origin", "/nowhere")
    texts = [partial.git("cat-file", "blob", f"{c}:a") for c in (base, f"{tip}~1", tip)]
    assert texts == ["1\n", "2\n", "3\n"]
