from __future__ import annotations

import os
import signal
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters import logbook
from monorelease.adapters.journal import transaction
from monorelease.adapters.recovery import recover
from monorelease.adapters.saved import Saved
from monorelease.errors import ReleaseError, TreeNotWritable
from monorelease.model.patch import FileEdit, Patch

FILES = {"a": b"old a", "b": b"old b", "c/d": b"old d"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture
def state(root: Path, tmp_path: Path) -> Path:
    """The state folder of a run that was killed when all its files were in place."""
    state = tmp_path / "state"
    edits = [FileEdit(path=PurePosixPath(n), before=d, after=b"new") for n, d in FILES.items()]
    made = FileEdit(path=PurePosixPath("e/f/g"), before=None, after=b"new")
    pid = os.fork()
    if pid == 0:
        with transaction(root, state, Patch.of((*edits, made)), label="release --pre rc"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    return state


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_what_a_dead_run_did_is_said_and_undone(root: Path, state: Path) -> None:
    recovery = recover(root, state)

    assert recovery is not None
    assert recovery.label == "release --pre rc"
    assert [str(path) for path in recovery.restored] == ["a", "b", "c/d", "e/f/g"]
    assert recovery.saved == ()
    assert files(root) == FILES
    assert not (root / "e").exists()
    assert recover(root, state) is None


def test_without_a_dead_run_nothing_is_made(root: Path, tmp_path: Path) -> None:
    assert recover(root, tmp_path / "nowhere") is None
    assert not (tmp_path / "nowhere").exists()


def test_a_torn_and_an_edited_file_are_kept_before_the_old_ones_come_back(
    root: Path, state: Path
) -> None:
    (root / "a").write_bytes(b"")
    (root / "e/f/g").write_bytes(b"hours of work")
    (root / "b").unlink()

    recovery = recover(root, state)

    assert recovery is not None
    assert recovery.saved == (
        Saved(path=PurePosixPath("a"), copy=state / "saved/1/a"),
        Saved(path=PurePosixPath("e/f/g"), copy=state / "saved/1/e/f/g"),
    )
    assert (state / "saved/1/e/f/g").read_bytes() == b"hours of work"
    assert files(root) == FILES


def test_a_folder_that_somebody_uses_now_is_left(root: Path, state: Path) -> None:
    (root / "e/mine").write_bytes(b"mine")
    recover(root, state)

    assert files(root) == {**FILES, "e/mine": b"mine"}
    assert not (root / "e/f").exists()


def test_folders_that_are_gone_are_made_again(root: Path, state: Path) -> None:
    (root / "c/d").unlink()
    (root / "c").rmdir()
    recover(root, state)

    assert files(root) == FILES


def test_what_leads_out_now_is_named_and_the_rest_is_put_back(
    root: Path, state: Path, tmp_path: Path
) -> None:
    (root / "c").rename(tmp_path / "outside")
    (root / "c").symlink_to("../outside")

    with pytest.raises(TreeNotWritable, match="c/d") as caught:
        recover(root, state)

    assert caught.value.where == "c/d"
    assert (tmp_path / "outside/d").read_bytes() == b"new"
    (root / "c").unlink()
    recovery = recover(root, state)

    assert recovery is not None
    assert [str(path) for path in recovery.restored] == ["c/d"]
    assert files(root) == FILES


def test_an_unreadable_journal_is_said_and_nothing_is_touched(root: Path, state: Path) -> None:
    journal = logbook.current_path(state)
    journal.write_bytes(journal.read_bytes()[:-3])
    before = files(root)

    for _ in range(2):
        with pytest.raises(ReleaseError, match="damaged"):
            recover(root, state)

    assert files(root) == before


def test_a_forged_journal_writes_nothing_outside(root: Path, state: Path, tmp_path: Path) -> None:
    forged = logbook.load(logbook.current_path(state))
    assert forged is not None
    object.__setattr__(forged.entries[0], "path", PurePosixPath("../victim"))
    logbook.save(state, forged)
    (tmp_path / "victim").write_bytes(b"precious")
    before = files(root)

    with pytest.raises(ReleaseError, match="leaves the repository"):
        recover(root, state)

    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert files(root) == before
