"""Agents as files, and commands that run them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

AGENT = """
import asyncio
import os

from agents_core import cli
from agents_core.jobs.deadlines import Deadlines
from agents_core.worker.options import WorkerOptions
from agents_core.worker.timings import Timings

async def entrypoint(ctx):
    print("entry", ctx.job.id, ctx.proc.pid, flush=True)
    await asyncio.sleep(float(os.environ.get("ENTRY_TAKES", "0")))

options = WorkerOptions(
    entrypoint_fnc=entrypoint, host="127.0.0.1", port=0, num_idle_processes=0, max_retry=99,
    load_threshold=float("inf"), deadlines=Deadlines(entry=2),
    timings=Timings(first_retry=0.1, longest_retry=0.5, close=1),
)

if __name__ == "__main__":
    cli.run_app(options)
"""


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """The file of an agent, which does nothing and stays."""
    path = tmp_path / "an_agent.py"
    path.write_text(AGENT)
    return path


Command = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    """Start a Python command with nothing in the environment but what is said."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path, **environ: str) -> subprocess.Popen[str]:
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}  # noqa: TID251 - what a command needs
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": os.pathsep.join(sys.path), **environ},
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process, contextlib.suppress(ProcessLookupError):  # closes the pipes and reaps
            os.killpg(process.pid, signal.SIGKILL)
