"""Run a Python module as a program, in a child process that cannot outstay its time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol

from monorelease.model.value import value

if TYPE_CHECKING:
    from io import TextIOWrapper


@value
class Ended:
    """How the program ended."""

    status: int | None
    """Its exit status; None where it was stopped for taking too long."""
    output: str
    complaint: str
    """What it wrote to stdout, and to stderr."""


@contextmanager
def running(module: str, words: Sequence[str], cwd: Path) -> Iterator[Running]:
    """``python -m module words…`` in `cwd`, at work while the body runs; text is UTF-8.

    It is over when the body is, killed if need be. Where the system can fork, the child is a
    copy of this process: it need not start Python and import again what is here already,
    which is half of what a small program costs.

    Raises:
        OSError: no process, or no file for its output, is to be had.
    """
    from tempfile import TemporaryFile

    with TemporaryFile() as output, TemporaryFile() as complaint:
        begin = _Forked if hasattr(os, "fork") else _Spawned
        child = begin(module, words, cwd, (output.fileno(), complaint.fileno()))
        try:
            yield Running(child, output, complaint)
        finally:
            child.end(0)


class Running:
    """The program, while it is at work."""

    def __init__(self, child: Child, output: IO[bytes], complaint: IO[bytes]) -> None:
        self._child = child
        self._files = (output, complaint)

    def wait(self, seconds: float) -> Ended:
        """How it ended; after `seconds` it is stopped."""
        status = self._child.end(seconds)
        texts = []
        for file in self._files:
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return Ended(status=status, output=texts[0], complaint=texts[1])


class Child(Protocol):
    """A process of ours, however it was begun."""

    def end(self, seconds: float) -> int | None:
        """Its exit status, once it is over; None where it had to be killed after `seconds`."""
        ...


class _Spawned:
    """A fresh Python."""

    def __init__(
        self, module: str, words: Sequence[str], cwd: Path, streams: tuple[int, int]
    ) -> None:
        import subprocess

        # Safe path: nothing in the folder is to be imported.
        python = [sys.executable, "-P", "-X", "utf8", "-m", module]
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command, without a shell
            [*python, *words],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=streams[0],
            stderr=streams[1],
        )

    def end(self, seconds: float) -> int | None:
        from subprocess import TimeoutExpired

        try:
            return self._process.wait(seconds)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None


class _Forked:
    """A copy of this process that goes on as the program."""

    def __init__(
        self, module: str, words: Sequence[str], cwd: Path, streams: tuple[int, int]
    ) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # The child's end of the pipe closes when it ends, however it does.
        self._alive, held = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._alive)
            _be(module, words, cwd, streams)
        os.close(held)
        self._status: int | None = None
        self._is_over = False

    def end(self, seconds: float) -> int | None:
        import select
        import signal

        if self._is_over:
            return self._status
        ended = bool(select.select([self._alive], [], [], seconds)[0])
        if not ended:
            os.kill(self._child, signal.SIGKILL)
        os.close(self._alive)
        _, status = os.waitpid(self._child, 0)
        self._is_over = True
        self._status = os.waitstatus_to_exitcode(status) if ended else None
        return self._status


def _be(module: str, words: Sequence[str], cwd: Path, streams: tuple[int, int]) -> None:
    """Go on as that program, and never come back."""
    status = 1
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        for descriptor, stream in zip((0, 1, 2), (null, *streams), strict=True):
            os.dup2(stream, descriptor)
        sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w")
        os.chdir(cwd)
        sys.path[:] = [entry for entry in sys.path if entry]  # nothing in the folder is imported
        status = _status_of(module, words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _text(descriptor: int, mode: Literal["r", "w"]) -> TextIOWrapper:
    return os.fdopen(descriptor, mode, encoding="utf-8", closefd=False)


def _status_of(module: str, words: Sequence[str]) -> int:
    import runpy
    import traceback

    sys.argv = [module, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            return ending.code or 0
        sys.stderr.write(f"{ending.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - a program that dies tells how, and has status 1
        traceback.print_exc()
        return 1
    return 0
