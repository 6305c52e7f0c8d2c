"""The console as people use it: on a pipe, on a terminal, ended in every way there is."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import EXAMPLES, agents_core

from agents_core.cli.console import Interruptions

AGENT = """
import asyncio
from agents_core.agent import Agent
from agents_core.jobs import native
from agents_core.jobs.deadlines import Deadlines
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeVAD
from agents_core.worker.options import WorkerOptions

async def ending(reason):
    print("over:", reason, "|", getattr(native.probe(), "reason", "in use"), flush=True)

async def entrypoint(ctx):
    assert ctx.is_fake_job
    ctx.add_shutdown_callback(ending)
    await ctx.connect()
    session = AgentSession(llm=FakeLLM(), stt=FakeSTT(), vad=FakeVAD())
    await session.start(Agent(instructions=""), room=ctx.room)
    {then}

async def without_session(ctx):
    ctx.add_shutdown_callback(ending)

async def in_a_hurry(ctx):
    await ctx.wait_for_participant()

def prewarm(process):
    process.userdata["warm"] = True

options = WorkerOptions(
    entrypoint_fnc=entrypoint, prewarm_fnc=prewarm, deadlines=Deadlines(entry=0.2, cancel=0.5)
)
"""
TAKE_TERMINAL = """
import fcntl, sys, termios
from agents_core.cli import main

fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # Ctrl-C is to be heard as a signal
sys.exit(main())
"""
UNTOUCHED = "the native library was never initialised"


@pytest.fixture
def agent(tmp_path: Path) -> Callable[[str], Path]:
    def write(then: str = "pass") -> Path:
        path = tmp_path / "an_agent.py"
        path.write_text(AGENT.replace("{then}", then))
        return path

    return write


def test_the_end_of_the_input_ends_the_job_by_its_own_road(
    agent: Callable[..., Path], tmp_path: Path
) -> None:
    ran = agents_core("console", agent(), folder=tmp_path, lines="one\ntwo\n")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"> one\none\n> two\ntwo\nover: the input has ended | {UNTOUCHED}\n"


def test_without_any_input_the_greeting_is_said_all_the_same(tmp_path: Path) -> None:
    ran = agents_core("console", EXAMPLES / "hello.py", folder=tmp_path, lines="")

    assert (ran.status, ran.out, ran.err) == (0, "Hello, who is there?\n", "")


def test_the_steps_of_the_shutdown_can_be_seen(agent: Callable[..., Path], tmp_path: Path) -> None:
    ran = agents_core("console", agent(), "--log-level", "INFO", folder=tmp_path)

    assert ran.status == 0
    assert "entry point: skipped, it is over" in ran.err
    assert "session close: done" in ran.err
    assert "shutdown callbacks: done" in ran.err
    assert "native dispose: skipped" in ran.err


def test_an_entry_point_that_stays_is_given_its_grace(
    agent: Callable[..., Path], tmp_path: Path
) -> None:
    ran = agents_core("console", agent("await asyncio.Event().wait()"), folder=tmp_path)

    assert ran.status == 0
    assert "over: the input has ended" in ran.out


def test_an_entry_point_that_fails_is_told_of(agent: Callable[..., Path], tmp_path: Path) -> None:
    ran = agents_core("console", agent("raise ValueError('not today')"), folder=tmp_path)

    assert ran.status == 1
    assert "ValueError: not today" in ran.err


def test_an_entry_point_without_a_session_has_nobody_to_talk_with(
    agent: Callable[..., Path], tmp_path: Path
) -> None:
    ran = agents_core("console", f"{agent()}:without_session", folder=tmp_path)

    assert ran.status == 0
    assert "started no session" in ran.err
    assert "over: there is no session" in ran.out


def test_an_entry_point_that_waits_for_somebody_is_told_that_nobody_comes(
    agent: Callable[..., Path], tmp_path: Path
) -> None:
    ran = agents_core("console", f"{agent()}:in_a_hurry", folder=tmp_path)

    assert ran.status == 1
    assert "a job on a console has none: see JobContext.is_fake_job" in ran.err


def on_a_terminal(agent: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The console on a terminal of its own, and our end of that."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, "console", agent],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},  # noqa: TID251 - what a command needs
        start_new_session=True,
    )
    os.close(theirs)
    return process, ours


def read_until(terminal: int, text: str, *, within: float = 30) -> str:
    seen, until = "", time.monotonic() + within
    while text not in seen:
        assert time.monotonic() < until, seen
        seen += os.read(terminal, 4096).decode()
    return seen


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_a_terminal_has_a_prompt_and_a_key_that_ends_it(
    agent: Callable[..., Path], tmp_path: Path, key: bytes
) -> None:
    process, terminal = on_a_terminal(agent(), tmp_path)
    try:
        read_until(terminal, "> ")
        os.write(terminal, b"hello\n")
        assert read_until(terminal, "hello\r\nhello\r\n> ")
        os.write(terminal, key)
        told = read_until(terminal, UNTOUCHED)
        assert ("SIGINT" if key == b"\x03" else "the input has ended") in told
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def test_a_second_signal_leaves_at_once() -> None:
    begun: list[str] = []
    left: list[int] = []
    interruptions = Interruptions(begun.append, leave=left.append)

    interruptions.hear(signal.SIGINT)
    assert (begun, left) == (["SIGINT"], [])
    interruptions.hear(signal.SIGTERM)
    assert (begun, left) == (["SIGINT"], [128 + signal.SIGTERM])
