"""Run a Python module as a program, in a child process that cannot outstay its time."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

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


def run_module(module: str, words: Sequence[str], cwd: Path, *, seconds: float) -> Ended:
    """``python -m module words…`` in `cwd`, stopped after `seconds`; text is UTF-8.

    Where the system can fork, the child is a copy of this process: it need not start Python
    and import again what is here already, which is half of what a small program costs.

    Raises:
        OSError: no process, or no file for its output, is to be had.
    """
    from tempfile import TemporaryFile

    with TemporaryFile() as output, TemporaryFile() as complaint:
        streams = (output.fileno(), complaint.fileno())
        run = _fork if hasattr(os, "fork") else _spawn
        status = run(module, words, cwd, streams, seconds)
        texts = []
        for file in (output, complaint):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Ended(status=status, output=texts[0], complaint=texts[1])


def _spawn(
    module: str, words: Sequence[str], cwd: Path, streams: tuple[int, int], seconds: float
) -> int | None:
    import subprocess

    # Safe path: nothing in the folder is to be imported.
    python = [sys.executable, "-P", "-X", "utf8", "-m", module]
    try:
        ended = subprocess.run(  # noqa: S603 - a fixed command, without a shell
            [*python, *words],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=streams[0],
            stderr=streams[1],
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return ended.returncode


def _fork(
    module: str, words: Sequence[str], cwd: Path, streams: tuple[int, int], seconds: float
) -> int | None:
    import select
    import signal

    sys.stdout.flush()
    sys.stderr.flush()
    alive, held = os.pipe()  # the child's end closes when it ends, however it does
    child = os.fork()
    if child == 0:
        os.close(alive)
        _be(module, words, cwd, streams)
    os.close(held)
    try:
        is_over, _, _ = select.select([alive], [], [], seconds)
        if not is_over:
            os.kill(child, signal.SIGKILL)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(alive)
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if is_over else None


def _be(module: str, words: Sequence[str], cwd: Path, streams: tuple[int, int]) -> None:
    """Go on as that program, and never come back."""
    status = 1
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        for descriptor, stream in zip((0, 1, 2), (null, *streams), strict=True):
            os.dup2(stream, descriptor)
        sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w")
        os.chdir(cwd)
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
