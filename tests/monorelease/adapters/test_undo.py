from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.journal import transaction
from monorelease.adapters.recovery import recover
from monorelease.adapters.saved import Saved
from monorelease.adapters.state import state_folder
from monorelease.adapters.undo import forget, last_patch, undo
from monorelease.errors import (
    EditedSinceRelease,
    NothingToUndo,
    ReleaseError,
    StaleTree,
    TreeNotWritable,
)
from monorelease.model.patch import FileEdit, Patch


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


def edit(path: str, before: bytes | None, after: bytes | None) -> FileEdit:
    return FileEdit(path=PurePosixPath(path), before=before, after=after)


PATCH = Patch.of(
    (
        edit("changes/1.fix.md", b"fragment\r\n", None),
        edit("docs/new/notes.md", None, b"notes"),
        edit("pyproject.toml", b"version = '1'\r\n", b"version = '2'\r\n"),
        edit("run", b"\xff1", b"\xff2"),
    )
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository on which `PATCH` has been released, uncommitted."""
    root = tmp_path / "root"
    root.mkdir()
    git(root, "init", "-q")
    git(root, "config", "core.autocrlf", "false")
    for change in PATCH.edits:
        if change.before is not None:
            (root / change.path).parent.mkdir(parents=True, exist_ok=True)
            (root / change.path).write_bytes(change.before)
    (root / "run").chmod(0o755)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    with transaction(root, state_folder(root), PATCH, label="release"):
        pass
    return root


@pytest.fixture
def state(root: Path) -> Path:
    return state_folder(root)


def status(root: Path) -> str:
    return git(root, "status", "--porcelain", "-uall", "--ignored")


def test_the_tree_is_as_it_was_to_the_byte(root: Path, state: Path) -> None:
    assert status(root) != ""
    undone = undo(root, state)

    assert status(root) == ""
    assert (root / "pyproject.toml").read_bytes() == b"version = '1'\r\n"
    assert not (root / "docs").exists()
    assert undone.label == "release"
    assert undone.restored == tuple(e.path for e in PATCH.edits)
    assert undone.saved == ()


def test_it_can_be_done_once(root: Path, state: Path) -> None:
    undo(root, state)

    assert last_patch(state) is None
    assert [path.name for path in state.iterdir()] == ["lock"]
    with pytest.raises(NothingToUndo):
        undo(root, state)


def test_a_guarded_file_that_its_command_left_alone_may_be_edited(root: Path, state: Path) -> None:
    (root / "uv.lock").write_bytes(b"lock")
    change = Patch.of((edit("run", b"\xff2", b"\xff3"),))
    with transaction(root, state, change, label="release") as run:
        run.guard(PurePosixPath("uv.lock"))
    (root / "uv.lock").write_bytes(b"mine")

    undone = undo(root, state)

    assert [str(path) for path in undone.restored] == ["run"]
    assert (root / "uv.lock").read_bytes() == b"mine"


def test_a_release_can_be_made_and_undone_again_and_again(root: Path, state: Path) -> None:
    for _ in range(3):
        undo(root, state)
        with transaction(root, state, PATCH, label="release"):
            pass
    undo(root, state)

    assert status(root) == ""


def test_asking_where_there_is_nothing_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingToUndo):
        undo(tmp_path, tmp_path / "nowhere")

    forget(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_committed_release_is_forgotten(root: Path, state: Path) -> None:
    forget(state)

    assert last_patch(state) is None
    with pytest.raises(NothingToUndo):
        undo(root, state)


def spoil(root: Path) -> None:
    (root / "pyproject.toml").write_bytes(b"version = '2' # mine\r\n")
    (root / "docs/new/notes.md").write_bytes(b"my notes")
    (root / "changes/1.fix.md").write_bytes(b"a new fragment")
    (root / "run").unlink()


def test_one_edit_since_is_where_the_problem_is(root: Path, state: Path) -> None:
    (root / "pyproject.toml").write_bytes(b"version = '2' # mine\r\n")

    with pytest.raises(EditedSinceRelease) as caught:
        undo(root, state)

    assert str(caught.value) == "pyproject.toml: edited since the release"


def test_edits_since_are_all_named_and_nothing_is_done(root: Path, state: Path) -> None:
    spoil(root)
    before = status(root)

    with pytest.raises(EditedSinceRelease) as caught:
        undo(root, state)

    for change in PATCH.edits:
        assert str(change.path) in caught.value.problem
    assert "--force" in caught.value.hint
    assert status(root) == before
    assert last_patch(state) is not None


def test_a_file_made_executable_since_is_edited_too(root: Path, state: Path) -> None:
    (root / "pyproject.toml").chmod(0o755)

    with pytest.raises(EditedSinceRelease, match=r"pyproject\.toml") as caught:
        undo(root, state)

    assert caught.value.where == "pyproject.toml"
    undo(root, state, force=True)
    assert status(root) == ""


def test_with_force_the_edited_versions_are_kept_first(root: Path, state: Path) -> None:
    spoil(root)

    undone = undo(root, state, force=True)

    assert status(root) == ""
    paths = ("changes/1.fix.md", "docs/new/notes.md", "pyproject.toml")
    assert undone.saved == tuple(
        Saved(path=PurePosixPath(path), copy=state / "saved/1" / path) for path in paths
    )
    assert undone.saved[1].copy.read_bytes() == b"my notes"


def test_copies_of_two_undos_do_not_meet(root: Path, state: Path) -> None:
    for words in (b"one", b"two"):
        (root / "pyproject.toml").write_bytes(words)
        (saved,) = undo(root, state, force=True).saved
        assert saved.copy.read_bytes() == words
        with transaction(root, state, PATCH, label="release"):
            pass

    assert (state / "saved/1/pyproject.toml").read_bytes() == b"one"
    assert (state / "saved/2/pyproject.toml").read_bytes() == b"two"


def test_what_somebody_put_back_already_is_no_edit(root: Path, state: Path) -> None:
    git(root, "checkout", "-q", "--", "pyproject.toml")
    (root / "docs/new/notes.md").unlink()

    undone = undo(root, state)

    assert status(root) == ""
    assert [str(path) for path in undone.restored] == ["changes/1.fix.md", "run"]


def test_other_work_in_the_tree_is_not_touched(root: Path, state: Path) -> None:
    (root / "docs/mine.md").write_bytes(b"mine")
    undo(root, state)

    assert status(root) == "?? docs/mine.md"


def test_a_file_that_may_not_be_written_stops_all_of_it(root: Path, state: Path) -> None:
    (root / "docs/new").chmod(0o555)
    before = status(root)

    with pytest.raises(TreeNotWritable, match="notes"):
        undo(root, state)

    (root / "docs/new").chmod(0o755)
    assert status(root) == before
    undo(root, state)
    assert status(root) == ""


def test_a_dead_run_comes_first(root: Path, state: Path) -> None:
    again = Patch.of((edit("pyproject.toml", b"version = '2'\r\n", b"version = '3'\r\n"),))
    pid = os.fork()
    if pid == 0:
        with transaction(root, state, again, label="release"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    with pytest.raises(StaleTree):
        undo(root, state)
    recover(root, state)
    undo(root, state)

    assert status(root) == ""


def test_a_damaged_record_is_said_and_nothing_is_done(root: Path, state: Path) -> None:
    (state / "undo").write_bytes(b"monorelease journal 1\n")
    before = status(root)

    for act in (lambda: undo(root, state), lambda: last_patch(state)):
        with pytest.raises(ReleaseError, match="cannot be read"):
            act()

    assert status(root) == before
