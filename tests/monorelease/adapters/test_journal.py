from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import FrameType

import pytest

from monorelease.adapters.journal import Transaction, transaction
from monorelease.adapters.recovery import recover
from monorelease.adapters.state import exclusive
from monorelease.adapters.undo import last_patch
from monorelease.errors import (
    AnotherRelease,
    HookFailed,
    StaleTree,
    TreeNotWritable,
    UnsafePath,
)
from monorelease.model.patch import FileEdit, Patch

Picture = dict[str, tuple[bytes, int] | None]


def picture(root: Path) -> Picture:
    """Every file with its bytes and permissions, every folder as None."""
    return {
        str(path.relative_to(root)): None
        if path.is_dir()
        else (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in root.rglob("*")
    }


def edit(path: str, before: bytes | None, after: bytes | None) -> FileEdit:
    return FileEdit(path=PurePosixPath(path), before=before, after=after)


PATCH = Patch.of(
    (
        edit("changes/1.fix.md", b"fragment\r\n", None),
        edit("packages/a/CHANGELOG.md", None, b"# Changes\n"),
        edit("packages/a/docs/deep/new.md", None, b"deep"),
        edit("packages/a/pyproject.toml", b"version = '1'\r\n", b"version = '2'\r\n"),
        edit("packages/a/run", b"\xef\xbb\xbf1\xff", b"\xef\xbb\xbf2\xff"),
    )
)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for change in PATCH.edits:
        if change.before is not None:
            (root / change.path).parent.mkdir(parents=True, exist_ok=True)
            (root / change.path).write_bytes(change.before)
    (root / "packages/a/run").chmod(0o751)
    (root / "uv.lock").write_bytes(b"old lock")
    (root / "bystander").write_bytes(b"not ours")
    return root


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def release(root: Path, state: Path, body: Callable[[Transaction], object]) -> None:
    with transaction(root, state, PATCH, label="release") as run:
        body(run)


def fail() -> None:
    raise HookFailed("the formatter failed", hint="-")


def test_a_patch_is_applied_whole(root: Path, state: Path) -> None:
    before = picture(root)
    with transaction(root, state, PATCH, label="release"):
        pass
    after = picture(root)

    mode = before["bystander"][1] if before["bystander"] else 0
    assert after == {
        **{path: kept for path, kept in before.items() if path != "changes/1.fix.md"},
        "packages/a/CHANGELOG.md": (b"# Changes\n", mode),
        "packages/a/docs": None,
        "packages/a/docs/deep": None,
        "packages/a/docs/deep/new.md": (b"deep", mode),
        "packages/a/pyproject.toml": (b"version = '2'\r\n", mode),
        "packages/a/run": (b"\xef\xbb\xbf2\xff", 0o751),
    }
    record = last_patch(state)
    assert record is not None
    assert (record.label, record.patch) == ("release", PATCH)


def test_a_patch_of_nothing_is_a_run_as_well(root: Path, state: Path) -> None:
    with transaction(root, state, Patch.of(()), label="release") as run:
        (root / "uv.lock").write_bytes(b"new lock")
        run.include(edit("uv.lock", b"old lock", b"new lock"))

    record = last_patch(state)
    assert record is not None
    assert record.patch.edits == (edit("uv.lock", b"old lock", b"new lock"),)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file is synced by itself")
def test_each_thing_is_on_the_disk_before_what_relies_on_it(root: Path, state: Path) -> None:
    """A power cut cannot be staged here, so the order of the system's calls is looked at."""
    calls: list[str] = []

    def profile(_: FrameType, event: str, function: object) -> None:
        if event == "c_call" and getattr(function, "__module__", "") == "posix":
            calls.append(getattr(function, "__name__", ""))

    sys.setprofile(profile)
    try:
        release(root, state, lambda _: None)
    finally:
        sys.setprofile(None)

    told = [call for call in calls if call in {"fsync", "sync", "replace", "unlink"}]
    journal, files, commit = told[:3], told[3:-3], told[-3:]
    assert journal == ["fsync", "replace", "fsync"]
    assert sorted(files) == ["replace"] * 4 + ["unlink"]
    assert commit == ["sync", "replace", "fsync"]


@pytest.mark.parametrize("problem", [HookFailed("no", hint="-"), KeyboardInterrupt(), OSError(5)])
def test_whatever_goes_wrong_inside_takes_all_of_it_back(
    problem: BaseException, root: Path, state: Path
) -> None:
    before = picture(root)

    def body(run: Transaction) -> None:
        run.guard(PurePosixPath("uv.lock"), PurePosixPath("new/by/command"))
        (root / "uv.lock").write_bytes(b"half a lo")
        (root / "uv.lock").chmod(0o600)
        (root / "new/by").mkdir(parents=True)
        (root / "new/by/command").write_bytes(b"made")
        (root / "formatted").mkdir()
        (root / "formatted/x").write_bytes(b"made")
        (root / "bystander").unlink()
        run.include(edit("bystander", b"not ours", None), edit("formatted/x", None, b"made"))
        raise problem

    with pytest.raises(type(problem)) as caught:
        release(root, state, body)

    assert caught.value is problem
    assert picture(root) == before
    assert last_patch(state) is None
    assert recover(root, state) is None
    assert not getattr(problem, "__notes__", [])


def test_a_failed_run_leaves_the_record_of_the_one_before(root: Path, state: Path) -> None:
    with transaction(root, state, PATCH, label="first"):
        pass
    again = Patch.of((edit("bystander", b"not ours", b"ours"),))
    with (
        pytest.raises(HookFailed),
        transaction(root, state, again, label="second"),
    ):
        raise HookFailed("no", hint="-")

    record = last_patch(state)
    assert record is not None
    assert record.label == "first"


def test_what_commands_changed_belongs_to_the_record(root: Path, state: Path) -> None:
    with transaction(root, state, PATCH, label="release") as run:
        run.guard(*(PurePosixPath(path) for path in ("uv.lock", "bystander", "never-made")))
        (root / "uv.lock").write_bytes(b"new lock")
        (root / "packages/a/CHANGELOG.md").write_bytes(b"# Changes, formatted\n")
        run.include(edit("packages/a/CHANGELOG.md", b"?", b"# Changes, formatted\n"))
        so_far = run.patch_so_far()

    record = last_patch(state)
    assert record is not None
    assert record.patch == so_far
    changed = {str(e.path): (e.before, e.after) for e in record.patch.edits}
    assert changed.keys() == {*(str(e.path) for e in PATCH.edits), "uv.lock"}
    assert changed["uv.lock"] == (b"old lock", b"new lock")
    assert changed["packages/a/CHANGELOG.md"] == (None, b"# Changes, formatted\n")


def test_a_guarded_file_of_the_patch_may_be_changed_again(root: Path, state: Path) -> None:
    with transaction(root, state, PATCH, label="release") as run:
        run.guard(PurePosixPath("packages/a/pyproject.toml"))
        (root / "packages/a/pyproject.toml").write_bytes(b"version = '3'\n")

    record = last_patch(state)
    assert record is not None
    assert edit("packages/a/pyproject.toml", b"version = '1'\r\n", b"version = '3'\n") in (
        record.patch.edits
    )


def test_what_somebody_else_wrote_meanwhile_is_kept_when_all_is_taken_back(
    root: Path, state: Path
) -> None:
    before = picture(root)

    def body(_: Transaction) -> None:
        (root / "packages/a/pyproject.toml").write_bytes(b"hours of work")
        fail()

    with pytest.raises(HookFailed) as caught:
        release(root, state, body)

    assert picture(root) == before
    (note,) = caught.value.__notes__
    kept = Path(note.rpartition("kept as ")[2])
    assert kept.read_bytes() == b"hours of work"


def test_a_change_that_is_not_as_told_is_refused_and_taken_back(root: Path, state: Path) -> None:
    before = picture(root)
    told = edit("bystander", b"not ours", b"something else")

    with pytest.raises(StaleTree, match="bystander"):
        release(root, state, lambda run: run.include(told))

    assert picture(root) == before


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda run: run.guard(PurePosixPath("link/passwd")), id="guard"),
        pytest.param(lambda run: run.include(edit("link/passwd", None, b"")), id="include"),
    ],
)
def test_no_command_makes_us_look_outside(
    ask: Callable[[Transaction], None], root: Path, state: Path
) -> None:
    (root / "link").symlink_to("/etc")

    with pytest.raises(UnsafePath):
        release(root, state, ask)

    assert not (root / "packages/a/CHANGELOG.md").exists()


def test_nothing_is_written_when_anything_is_refused(root: Path, state: Path) -> None:
    (root / "packages/a/run").chmod(0o555)
    before = picture(root)

    with pytest.raises(TreeNotWritable), transaction(root, state, PATCH, label="release"):
        pytest.fail("a read-only file")
    (root / "packages/a/run").chmod(0o755)
    (root / "packages/a/run").write_bytes(b"changed under us")
    before = picture(root)
    with pytest.raises(StaleTree), transaction(root, state, PATCH, label="release"):
        pytest.fail("a changed file")

    assert picture(root) == before
    assert listing(state) == ["lock"]


def test_a_dead_run_is_put_right_before_another_builds_upon_it(root: Path, state: Path) -> None:
    die_inside(root, state)

    with pytest.raises(StaleTree, match="half"), transaction(root, state, PATCH, label="release"):
        pytest.fail("built upon half a tree")
    recover(root, state)
    with transaction(root, state, PATCH, label="release"):
        pass


def die_inside(root: Path, state: Path) -> None:
    pid = os.fork()
    if pid == 0:
        with transaction(root, state, PATCH, label="release"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_link_to_a_file_inside_stays_a_link(root: Path, state: Path) -> None:
    (root / "alias").symlink_to("bystander")
    before = picture(root)
    change = Patch.of((edit("alias", b"not ours", b"ours"),))
    with transaction(root, state, change, label="release"):
        pass
    assert (root / "alias").is_symlink()
    assert (root / "bystander").read_bytes() == b"ours"
    (state / "undo").rename(state / "journal")
    recover(root, state)

    assert (root / "alias").is_symlink()
    assert picture(root) == before


def test_a_second_run_is_refused_and_the_first_is_unharmed(root: Path, state: Path) -> None:
    with transaction(root, state, PATCH, label="release"):
        pid = os.fork()
        if pid == 0:
            os._exit(0 if refused_by_a_fresh_process(root, state) else 1)
        _, status = os.waitpid(pid, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert (root / "packages/a/CHANGELOG.md").read_bytes() == b"# Changes\n"
    assert last_patch(state) is not None


def refused_by_a_fresh_process(root: Path, state: Path) -> bool:
    """Whether writing and recovering are both refused to one who does not hold the lock."""
    from monorelease.adapters import state as room

    room._held.clear()  # a fork of the holder; a process of its own would begin without
    refusals = 0
    try:
        with transaction(root, state, PATCH, label="second"):
            pass
    except AnotherRelease:
        refusals += 1
    try:
        recover(root, state)
    except AnotherRelease:
        refusals += 1
    return refusals == 2


def test_a_wider_lock_may_be_held_around_it(root: Path, state: Path) -> None:
    with exclusive(state, command="release --commit"), transaction(root, state, PATCH, label="x"):
        pass

    assert last_patch(state) is not None


def in_a_child(act: Callable[[], None]) -> None:
    """Do `act` in a process whose limits may be changed; its assertions count here."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            act()
        except BaseException:  # noqa: BLE001 - whatever it is, it must not go on in the child
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_a_journal_that_does_not_fit_on_the_disk_leaves_everything_alone(
    root: Path, state: Path
) -> None:
    before = picture(root)

    def act() -> None:
        """A limit on the size of files meets the code as a full disk does, within `write`."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        with pytest.raises(TreeNotWritable, match="full"):
            release(root, state, lambda _: pytest.fail("the journal fits"))

    in_a_child(act)

    assert picture(root) == before
    assert listing(state) == ["lock"]
    assert recover(root, state) is None


def test_a_guard_that_does_not_fit_takes_all_of_it_back(root: Path, state: Path) -> None:
    (root / "uv.lock").write_bytes(b"x" * 10_000)
    before = picture(root)

    def body(run: Transaction) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
        run.guard(PurePosixPath("uv.lock"))

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with pytest.raises(TreeNotWritable, match="full"):
            release(root, state, body)

    in_a_child(act)

    assert picture(root) == before
    assert listing(state) == ["lock"]


def test_a_record_that_does_not_fit_takes_all_of_it_back(root: Path, state: Path) -> None:
    before = picture(root)

    def body(run: Transaction) -> None:
        run.guard(PurePosixPath("uv.lock"), PurePosixPath("bystander"))
        (root / "uv.lock").write_bytes(b"x" * 10_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with pytest.raises(TreeNotWritable, match="full"):
            release(root, state, body)

    in_a_child(act)

    assert picture(root) == before
    assert listing(state) == ["lock"]


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={size},mode=755"]
    done = subprocess.run(
        ["mount", *options, "none", str(folder)], check=False, capture_output=True, timeout=60
    )
    if done.returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True, timeout=60)


def test_a_full_disk_is_met_before_the_first_file_is_touched(tmp_path: Path, state: Path) -> None:
    root = tmp_path / "small"
    with small_disk(root, 16 * 4096):
        edits = tuple(edit(f"file{n}", b"o" * 4000, b"n" * 4000) for n in range(10))
        for change in edits:
            (root / change.path).write_bytes(b"o" * 4000)
        before = picture(root)
        inodes = {path.name: path.stat().st_ino for path in root.iterdir()}

        with pytest.raises(TreeNotWritable, match="full") as caught:  # noqa: SIM117
            with transaction(root, state, Patch.of(edits), label="release"):
                pytest.fail("it fits")

        assert picture(root) == before
        assert {path.name: path.stat().st_ino for path in root.iterdir()} == inodes
        assert caught.value.where.startswith("file")
        assert recover(root, state) is None


def test_what_cannot_be_taken_back_is_named_and_finished_later(root: Path, state: Path) -> None:
    before = picture(root)

    def body(_: Transaction) -> None:
        (root / "packages/a/run").unlink()
        (root / "packages/a/run").mkdir()
        fail()

    with pytest.raises(TreeNotWritable) as caught:
        release(root, state, body)
    assert "the formatter failed" in caught.value.problem
    assert "packages/a/run (is a folder" in caught.value.problem
    assert caught.value.where == "packages/a/run"
    assert isinstance(caught.value.__cause__, HookFailed)
    (root / "packages/a/run").rmdir()

    recovery = recover(root, state)

    assert recovery is not None
    assert [str(path) for path in recovery.restored] == ["packages/a/run"]
    assert picture(root) == before
