from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.blobs import blobs_at, read_blobs
from monorelease.adapters.git_process import GitProcess
from monorelease.errors import GitFailed
from sandbox import Sandbox

NAMES = ("a", "mono/b c", "*", "new\nline", ":(top)x", "é 漢")


def contents(root: Path, commit: str, *names: str) -> dict[str, bytes]:
    git = GitProcess(root)
    blobs = blobs_at(git, commit, [PurePosixPath(name) for name in names])
    read = read_blobs(git, blobs.values())
    return {str(path): read[blob] for path, blob in blobs.items()}


def test_files_are_read_as_they_were_committed_whatever_their_names(sandbox: Sandbox) -> None:
    files = {name: f"{number}\n\0\xff".encode("latin-1") for number, name in enumerate(NAMES)}
    sandbox.write({**files, "empty": b"", ".gitattributes": "* text eol=crlf\n"})
    sandbox.commit("First")
    sandbox.write({"a": "changed"})

    assert contents(sandbox.root, "HEAD", *NAMES, "empty") == {**files, "empty": b""}


def test_what_is_no_file_at_that_commit_is_left_out(sandbox: Sandbox) -> None:
    sandbox.write({"folder/a": "1"})
    sandbox.commit("First")
    sandbox.write({"b": "1"})

    assert contents(sandbox.root, "HEAD", "b", "folder", "nowhere/c") == {}
    assert contents(sandbox.root, "HEAD") == {}


def test_names_are_relative_to_the_folder_that_git_runs_in(sandbox: Sandbox) -> None:
    sandbox.write({"a": "above", "mono/a": "below"})
    sandbox.commit("First")

    assert contents(sandbox.root / "mono", "HEAD", "a") == {"a": b"below"}


def test_the_same_file_is_read_once(sandbox: Sandbox) -> None:
    sandbox.write({"a": "same", "b": "same"})
    sandbox.commit("First")

    assert contents(sandbox.root, "HEAD", "a", "b") == {"a": b"same", "b": b"same"}


def test_what_is_no_blob_or_is_missing_is_left_out(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    tree = sandbox.git("rev-parse", "HEAD^{tree}").strip()
    blob = sandbox.git("rev-parse", "HEAD:a").strip()

    assert read_blobs(GitProcess(sandbox.root), [tree, "0" * 40, "", blob]) == {blob: b"1"}


def test_a_commit_that_is_unknown_is_said(sandbox: Sandbox) -> None:
    with pytest.raises(GitFailed, match="ls-tree"):
        blobs_at(GitProcess(sandbox.root), "0" * 40, [PurePosixPath("a")])
