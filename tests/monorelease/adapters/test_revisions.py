from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.adapters.git_process import GitProcess
from monorelease.adapters.revisions import Revisions
from monorelease.errors import GitFailed
from sandbox import Sandbox

A, TOP = PurePosixPath("a"), PurePosixPath()


def revisions(sandbox: Sandbox, folder: str = "") -> Revisions:
    return Revisions(GitProcess(sandbox.root / folder))


def head(sandbox: Sandbox) -> str:
    return sandbox.git("rev-parse", "HEAD").strip()


def test_tags_count_that_lead_to_head(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    first = head(sandbox)
    sandbox.git("tag", "light")
    sandbox.git("tag", "--annotate", "--message=Words", "heavy")
    sandbox.git("switch", "--quiet", "--create", "side")
    sandbox.commit("Aside")
    sandbox.git("tag", "aside")
    sandbox.git("switch", "--quiet", "main")

    assert revisions(sandbox).tags() == {"light": first, "heavy": first}


def test_before_the_first_commit_git_refuses(sandbox: Sandbox) -> None:
    with pytest.raises(GitFailed, match="for-each-ref"):
        revisions(sandbox).tags()


def test_a_folder_has_the_same_state_as_long_as_no_file_differs(sandbox: Sandbox) -> None:
    sandbox.write({"a/x": "1", "b/x": "1"})
    sandbox.commit("First")
    first = head(sandbox)
    sandbox.write({"b/x": "2"})
    sandbox.commit("Second")
    second = head(sandbox)

    wanted = [(commit, path) for commit in (first, second) for path in (A, TOP)]
    states = revisions(sandbox).folders(wanted)

    assert states[first, A] == states[second, A]
    assert states[first, TOP] != states[second, TOP]
    assert revisions(sandbox).folders([]) == {}


def test_what_was_no_folder_then_is_left_out(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1", "b/x": "1"})
    sandbox.commit("First")
    commit = head(sandbox)
    wanted = [(commit, A), (commit, PurePosixPath("nowhere")), (commit, PurePosixPath("b"))]

    assert [*revisions(sandbox).folders(wanted)] == [wanted[2]]


def test_paths_are_relative_to_the_folder_that_git_runs_in(sandbox: Sandbox) -> None:
    sandbox.write({"mono/a/é b.py": "1", "mono/a/deep/x.py": "12", "elsewhere": "1"})
    sandbox.commit("First")
    ours = revisions(sandbox, "mono")
    commit = head(sandbox)

    states = ours.folders([(commit, A), (commit, TOP)])
    files = ours.files(states[commit, A])

    assert {str(path): size for path, (_, size) in files.items()} == {"é b.py": 1, "deep/x.py": 2}
    assert {str(path) for path in ours.files(states[commit, TOP])} == {
        "a/é b.py",
        "a/deep/x.py",
    }
    blobs = [blob for blob, _ in files.values()]
    assert sorted(ours.contents(blobs).values()) == [b"1", b"12"]
    assert {str(path) for path in ours.here()} == {"a/é b.py", "a/deep/x.py"}


def test_links_are_no_files(sandbox: Sandbox) -> None:
    sandbox.write({"a/x": "1"})
    (sandbox.root / "a/link").symlink_to("x")
    sandbox.commit("First")
    ours, commit = revisions(sandbox), head(sandbox)

    assert [*ours.files(ours.folders([(commit, A)])[commit, A])] == [PurePosixPath("x")]


def test_what_is_ignored_is_not_here(sandbox: Sandbox) -> None:
    sandbox.write({".gitignore": "build/\n", "build/x.py": "1", "new.py": "1", "old.py": "1"})
    sandbox.git("add", "old.py")

    assert {str(path) for path in revisions(sandbox).here()} == {".gitignore", "new.py", "old.py"}


def test_a_state_that_is_none_is_refused(sandbox: Sandbox) -> None:
    sandbox.commit("First")

    with pytest.raises(GitFailed, match="ls-tree"):
        revisions(sandbox).files("0" * 40)
