"""One run of a command: what it cost, and what it said."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import BinaryIO

from benchmarks.contestants.port import Command

TIMEOUT = 600.0
"""Seconds after which a run is killed and the comparison ends."""


class RunFailed(Exception):
    """A tool did not do what its command says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds of one process, and what it wrote."""

    cpu: float
    """User and system time, of the process and of every child that it waited for."""
    wall: float
    output: str
    story: str
    """What it wrote to stderr."""


def run(command: Command, root: Path) -> Run:
    """Run `command` in `root`, its output into files so that no reader shares the machine.

    Raises:
        RunFailed: when it exits with anything but 0, or takes longer than `TIMEOUT`.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        guard = Timer(TIMEOUT, process.kill)
        guard.start()
        try:
            # wait4 and not Popen.wait: it tells this child's cost, not that of all children.
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            guard.cancel()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output, story = (_read(file) for file in (out, err))
    if process.returncode:
        said = (output + story)[-2000:]
        raise RunFailed(f"{' '.join(command)}: exit {process.returncode}\n{said}")
    return Run(cpu=usage.ru_utime + usage.ru_stime, wall=wall, output=output, story=story)


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
