from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monorelease.adapters.state import exclusive, state_folder
from monorelease.errors import AnotherRelease, TreeNotWritable, UnsafePath


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    done = subprocess.run(
        ["git", *identity, *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    git(root, "commit", "-q", "--allow-empty", "-m", "first")
    return root


def test_state_lies_in_the_git_directory_and_is_not_made_by_asking(repository: Path) -> None:
    assert state_folder(repository) == repository / ".git" / "monorelease"
    assert not (repository / ".git" / "monorelease").exists()


def test_two_roots_in_one_repository_do_not_share_it(repository: Path) -> None:
    roots = [repository / path for path in (".", "a", "a/b", "a%2Fb", "a-b")]
    for root in roots:
        root.mkdir(parents=True, exist_ok=True)
    states = [state_folder(root) for root in roots]

    assert len(set(states)) == len(states)
    assert {state.parent for state in states} == {repository / ".git"}


def test_a_worktree_has_its_own_where_git_keeps_what_is_its_own(repository: Path) -> None:
    git(repository, "worktree", "add", "-q", "../tree")
    tree = repository.parent / "tree"

    state = state_folder(tree)

    assert state == Path(git(tree, "rev-parse", "--absolute-git-dir")) / "monorelease"
    assert state != state_folder(repository)


def test_a_submodule_has_its_own(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository), "sub")

    assert state_folder(outer / "sub") == outer / ".git" / "modules" / "sub" / "monorelease"


@pytest.mark.parametrize("mark", ["gitdir: missing", "nonsense", "gitdir: \0", ""])
def test_without_git_it_lies_in_the_root_and_out_of_commits(mark: str, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(mark)
    state = state_folder(tmp_path)
    with exclusive(state):
        pass

    assert state == tmp_path / ".monorelease"
    assert (state / ".gitignore").read_text() == "*\n"


def test_a_link_in_place_of_the_state_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".monorelease").symlink_to("/etc")

    with pytest.raises(UnsafePath):
        state_folder(tmp_path)


def test_git_sees_nothing_of_it(repository: Path) -> None:
    with exclusive(state_folder(repository)):
        assert git(repository, "status", "--porcelain", "-uall", "--ignored") == ""


@contextmanager
def held_by_another_process(state: Path) -> Iterator[int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            with exclusive(state, command="release --pre rc"):
                os.write(writer, b".")
                signal.pause()
        finally:
            os._exit(1)
    os.close(writer)
    try:
        assert os.read(reader, 1) == b"."
        yield pid
    finally:
        os.close(reader)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_a_second_run_is_refused_at_once_and_told_by_whom(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with exclusive(state):
        pass
    with (
        held_by_another_process(state) as pid,
        pytest.raises(AnotherRelease) as caught,
        exclusive(state),
    ):
        pytest.fail("two runs at once")

    assert f"process {pid} (release --pre rc)" in caught.value.problem


def test_the_lock_goes_with_a_killed_process_and_with_an_ended_run(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with held_by_another_process(state):
        pass
    for _ in range(2):
        with exclusive(state):
            pass


def test_whoever_holds_it_may_enter_again_and_holds_it_to_the_outer_end(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with exclusive(state):
        with exclusive(state):
            pass
        reply = try_from_another_process(state)

    assert reply == "refused"
    assert try_from_another_process(state) == "entered"


def try_from_another_process(state: Path) -> str:
    code = """
import pathlib, sys
from monorelease.adapters.state import exclusive
from monorelease.errors import AnotherRelease
try:
    with exclusive(pathlib.Path(sys.argv[1])):
        print("entered")
except AnotherRelease:
    print("refused")
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(state)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_what_stands_in_the_lock_file_is_not_trusted(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with held_by_another_process(state):
        (state / "lock").write_bytes(b"7\x1b[2J\n\xff evil\r" + b"x" * 10_000)
        with pytest.raises(AnotherRelease) as caught, exclusive(state):
            pytest.fail("two runs at once")

    assert caught.value.problem.isprintable()
    assert len(caught.value.problem) < 300


def test_a_state_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(TreeNotWritable), exclusive(tmp_path / "file" / "state"):
        pytest.fail("there is no folder")
