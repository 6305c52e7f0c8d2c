from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.adapters.content import Content
from monorelease.adapters.git import Repository
from monorelease.adapters.record import Entry
from monorelease.adapters.worktree import changes_since, picture
from sandbox import Sandbox

Side = tuple[bytes, bool] | None
"""Bytes, and whether they can be executed."""


def side(content: Content | None) -> Side:
    return None if content is None else (content.data, bool((content.mode or 0) & 0o100))


def shown(entries: tuple[Entry, ...]) -> dict[str, tuple[Side, Side]]:
    return {str(entry.path): (side(entry.before), side(entry.after)) for entry in entries}


@pytest.fixture
def committed(sandbox: Sandbox) -> Sandbox:
    sandbox.write({"plain": "1", "tool": "1", "work": "1", "untouched": "1", ".gitignore": "*.log"})
    (sandbox.root / "tool").chmod(0o755)
    (sandbox.root / "link").symlink_to("untouched")
    sandbox.commit("First")
    return sandbox


def opened(sandbox: Sandbox) -> Repository:
    repository = Repository.at(sandbox.root)
    assert repository is not None
    return repository


def changes(sandbox: Sandbox, script: str) -> dict[str, tuple[Side, Side]]:
    """What a command has changed, as far as it is told."""
    repository = opened(sandbox)
    before = picture(sandbox.root, repository)
    ran = sandbox.run("sh", "-ec", script)
    assert ran.status == 0, ran.stderr
    return shown(changes_since(sandbox.root, repository, before))


def test_bytes_are_told_as_they_were_in_the_commit(committed: Sandbox) -> None:
    assert changes(committed, "printf 2 > plain; rm tool; mkdir a; printf 1 > a/new") == {
        "a/new": (None, (b"1", False)),
        "plain": ((b"1", False), (b"2", False)),
        "tool": ((b"1", True), None),
    }


def test_permissions_are_told_without_any_change_of_bytes(committed: Sandbox) -> None:
    assert changes(committed, "chmod +x plain; chmod -x tool") == {
        "plain": ((b"1", False), (b"1", True)),
        "tool": ((b"1", True), (b"1", False)),
    }


def test_what_differed_before_is_told_as_it_was_then(committed: Sandbox) -> None:
    committed.write({"work": "mine", "unknown": "mine", "plain": "mine"})
    (committed.root / "unknown").chmod(0o700)

    assert changes(committed, "printf 2 > work; rm unknown; git checkout -q plain") == {
        "plain": ((b"mine", False), (b"1", False)),
        "unknown": ((b"mine", True), None),
        "work": ((b"mine", False), (b"2", False)),
    }


def test_where_git_was_told_that_permissions_mean_nothing_they_stay(committed: Sandbox) -> None:
    committed.git("config", "core.fileMode", "false")
    (committed.root / "plain").chmod(0o755)

    assert changes(committed, "printf 2 > plain") == {"plain": ((b"1", True), (b"2", True))}


@pytest.mark.parametrize(
    "script",
    [
        "ln -s untouched new",
        "ln -s / new",
        "ln -s nowhere new",
        "rm link",
        "ln -sfn plain link",
        "rm link; printf 1 > link",
        "rm plain; ln -s untouched plain",
        "git init -q vendored; printf 1 > vendored/file",
        "printf 1 > a.log",
        "true",
    ],
)
def test_links_repositories_and_what_is_ignored_are_left_alone(
    script: str, committed: Sandbox
) -> None:
    """What follows a link could write to where it points."""
    assert changes(committed, script) == {}


def test_what_lies_behind_a_new_link_to_a_folder_is_left_alone(committed: Sandbox) -> None:
    committed.write({"a/file": "1", "b/file": "2"})
    committed.commit("Folders")

    assert changes(committed, "rm -r a; ln -s b a") == {}


def test_a_link_that_became_a_file_before_is_not_taken_for_the_commits(committed: Sandbox) -> None:
    (committed.root / "plain").unlink()
    (committed.root / "plain").symlink_to("untouched")

    assert changes(committed, "rm plain; printf 2 > plain") == {}


def test_before_the_first_commit_files_are_told_as_well(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1"})

    assert changes(sandbox, "printf 2 > a; printf 1 > b") == {
        "a": ((b"1", False), (b"2", False)),
        "b": (None, (b"1", False)),
    }


def test_changes_come_sorted_by_path(committed: Sandbox) -> None:
    names = ["a-b", "a/b", "a.b", "z"]
    script = "mkdir a; " + "; ".join(f"printf 1 > {name}" for name in names)

    assert list(changes(committed, script)) == [str(p) for p in sorted(map(PurePosixPath, names))]
