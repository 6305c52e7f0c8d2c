"""Where the tool keeps what must not be committed, and who may write there: one run at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from monorelease.adapters.content import refusal
from monorelease.errors import AnotherRelease, UnsafePath

JOURNAL = "journal"
"""The file of the run that is at work, or died; while there is none, nothing is amiss."""

RECORD = "undo"
"""The last run that was completed and can be taken back."""

RELEASE = "release"
"""What the record of a release is labelled with."""

_WITHOUT_GIT = ".monorelease"

_held: set[Path] = set()
"""The state folders that this process holds; who holds one may enter again."""


def state_folder(root: Path) -> Path:
    """The folder for the journal, the undo record and the lock of the repository at `root`.

    It lies in the git directory, each worktree's own, and every root inside one repository
    has its own; without git it is ``.monorelease`` in the root. It is made only when
    something is written to it.

    Raises:
        UnsafePath: when ``.monorelease`` is a link, which an unpacked archive could bring.
    """
    root = root.resolve()
    folder, git = _repository(root)
    if git is not None:
        return git / _name_of(root.relative_to(folder))
    state = root / _WITHOUT_GIT
    if state.is_symlink():
        raise UnsafePath(
            "is a link, and the tool keeps its journal there",
            where=_WITHOUT_GIT,
            hint="remove the link",
        )
    return state


def git_directory(root: Path) -> Path | None:
    """Where git keeps the repository around `root`, each worktree its own; None without git."""
    _, git = _repository(root.resolve())
    return git


def _repository(root: Path) -> tuple[Path, Path | None]:
    """The nearest folder that is a repository, and its git directory."""
    for folder in (root, *root.parents):
        if (git := _git_directory(folder / ".git")) is not None:
            return folder, git
    return root, None


def _git_directory(mark: Path) -> Path | None:
    """What a ``.git`` stands for: itself, or where a worktree's or submodule's file points."""
    try:
        if mark.is_file():
            word, _, target = mark.read_text("utf-8").partition(": ")
            mark = mark.parent / target.rstrip("\r\n") if word == "gitdir" else mark
        return mark.resolve() if (mark / "HEAD").exists() else None
    except (OSError, ValueError):  # unreadable, not text, or a NUL in it: not git's
        return None


def _name_of(below: Path) -> str:
    """Different for every root below one repository, as a single file name."""
    quoted = below.as_posix().replace("%", "%25").replace("/", "%2F")
    return "monorelease" if quoted == "." else f"monorelease-{quoted}"


@contextmanager
def exclusive(state: Path, *, command: str = "monorelease") -> Iterator[None]:
    """Hold the repository against other processes; `command` is what they are told.

    The kernel keeps the lock and drops it with the process, however that ends. This process
    may enter again while it holds it. It is no guard between threads.

    Raises:
        AnotherRelease: at once, when another process holds it; says which.
        TreeNotWritable: when the state folder cannot be written.
    """
    if state in _held:
        yield
        return
    lock = state / "lock"
    try:
        make(state)
        file = lock.open("a+b", buffering=0)
    except OSError as error:
        raise refusal(error, lock) from error
    with file:
        try:
            _take(file, command)
        except OSError as error:
            raise refusal(error, lock) from error
        _held.add(state)
        try:
            yield
        finally:
            _held.discard(state)


def make(state: Path) -> None:
    """Make the state folder where it is missing, and keep it out of commits.

    Raises:
        OSError: when it cannot be made.
    """
    state.mkdir(parents=True, exist_ok=True)
    if state.name == _WITHOUT_GIT:
        ignored = state / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", "utf-8")


def _take(file: IO[bytes], command: str) -> None:
    if not _try_lock(file):
        raise AnotherRelease(
            f"another run is at work in this repository: {_holder(file)}",
            hint="wait for it to end, then run the command again",
        )
    file.truncate(0)
    file.write(f"{os.getpid()} {command}\n".encode(errors="replace"))


def _try_lock(file: IO[bytes]) -> bool:
    """Take the kernel's lock without waiting; whether we have it.

    Never by making and removing a file: that survives ``kill -9``.
    """
    if sys.platform == "win32":
        import msvcrt

        file.seek(1 << 30)  # far behind the text, which others must be able to read
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl

        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _holder(file: IO[bytes]) -> str:
    file.seek(0)
    text = file.read(200).decode(errors="replace")
    pid, _, command = "".join(c for c in text if c.isprintable()).partition(" ")
    return f"process {pid} ({command})" if pid.isdigit() else "an unknown process"
