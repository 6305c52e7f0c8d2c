"""A user's agent that does to its process whatever the job's metadata asks for."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from agents_core.jobs.context import JobContext
from agents_core.jobs.process import JobProcess

logger = logging.getLogger("misbehaving")


async def entrypoint(ctx: JobContext) -> None:
    """Do as told."""
    wanted = globals()[ctx.job.metadata]
    await wanted(ctx)


async def talk(ctx: JobContext) -> None:
    """Behave."""
    logger.info("the caller says %s", "hello")
    ctx.shutdown("all is said")


async def linger(_ctx: JobContext) -> None:
    """Go on for ever; a cancelled sleep is all it takes to end it."""
    await asyncio.sleep(3600)


async def ignore_cancellation(_ctx: JobContext) -> None:
    """Go on for ever, whoever asks."""
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


async def block_the_loop(_ctx: JobContext) -> None:
    """Let nothing else happen in the event loop."""
    time.sleep(3600)  # noqa: ASYNC251 - the very mistake


async def block_for_a_while(_ctx: JobContext) -> None:
    """The same, and then go on."""
    time.sleep(0.6)  # noqa: ASYNC251 - the very mistake
    await asyncio.sleep(3600)


async def talk_after_a_while(ctx: JobContext) -> None:
    """Behave, and take some time for it."""
    await asyncio.sleep(0.6)
    ctx.shutdown("all is said")


async def hold_the_interpreter(_ctx: JobContext) -> None:
    """Let no other thread run, either: a deadlock below Python, that no signal interrupts."""
    deadlock()


async def hold_it_in_a_known_place(_ctx: JobContext) -> None:
    """The same, once the test can know of it."""
    place("held")
    deadlock()


async def ignore_sigterm(_ctx: JobContext) -> None:
    """The same, deaf to SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    deadlock()


async def stop(_ctx: JobContext) -> None:
    """Be stopped, as by a debugger that was left."""
    os.kill(os.getpid(), signal.SIGSTOP)


async def leave(_ctx: JobContext) -> None:
    """End without a word."""
    os._exit(3)


async def crash(_ctx: JobContext) -> None:
    """Die as of a defect in a native library."""
    os.kill(os.getpid(), signal.SIGSEGV)


async def start_a_program(ctx: JobContext) -> None:
    """Start something, and forget it."""
    program = await asyncio.create_subprocess_exec("sleep", "3600")
    logger.info("started %d", program.pid)
    ctx.shutdown("forgetful")


async def start_a_daemon(ctx: JobContext) -> None:
    """Start something that is meant to outlive this process."""
    program = await asyncio.create_subprocess_exec("sleep", "3600", start_new_session=True)
    logger.info("started %d", program.pid)
    ctx.shutdown("thoughtful")


async def fail(_ctx: JobContext) -> None:
    """Raise."""
    raise ValueError("a mistake\nERROR forged")


async def grow(ctx: JobContext) -> None:
    """Take memory, and touch it."""
    ctx.proc.userdata["much"] = b"x" * (80 * 1024 * 1024)
    await asyncio.sleep(3600)


async def flood(ctx: JobContext) -> None:
    """Log as fast as it goes."""
    for number in range(2000):
        logger.info("line %d %%s {} \x1b[2J", number)
    ctx.shutdown("flooded")


async def babble(_ctx: JobContext) -> None:
    """Write what is no message to the worker."""
    for entry in Path("/proc/self/fd").iterdir():  # noqa: ASYNC240 - not in a real agent
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as other:
            other.sendall(b"\xff" * 64)
    await asyncio.sleep(3600)


def prewarm_fails(_process: JobProcess) -> NoReturn:
    raise LookupError("no model")


def prewarm_hangs(_process: JobProcess) -> None:
    time.sleep(3600)


def prewarm_deadlocks(_process: JobProcess) -> None:
    deadlock()


def prewarm_leaves(_process: JobProcess) -> NoReturn:
    os._exit(7)


def prewarm_then_dies(_process: JobProcess) -> None:
    """Be ready, and gone a moment later."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.05)


def prewarm_meets(process: JobProcess) -> None:
    """Go on only if another process is in here at the same time."""
    meeting = place(str(process.pid)).parent
    give_up = time.monotonic() + 5
    while len(tuple(meeting.iterdir())) < 2:
        if time.monotonic() > give_up:
            raise TimeoutError("nobody came")
        time.sleep(0.01)


def place(name: str) -> Path:
    """Where others can see what this process has come to."""
    marked = Path(os.environ["MEETING"], name)  # noqa: TID251 - a test's, inherited
    marked.touch()
    return marked


def deadlock() -> None:
    library = ctypes.PyDLL(None)  # unlike CDLL, it keeps the interpreter's lock
    lock: Callable[[object], int] = library.pthread_mutex_lock
    mutex = ctypes.create_string_buffer(64)
    lock(mutex)
    lock(mutex)
