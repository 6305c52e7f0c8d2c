"""Where the threads of a job process are: asked for by a signal, read from a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from agents_core.jobs.descriptors import readable
from agents_core.jobs.process_handle import ProcessHandle

_QUIET = 0.25
"""Seconds without another byte, after which a dump is taken to be whole."""
_CHUNK = 64 * 1024
_LONGEST = 256 * 1024
"""Bytes; what a hundred threads, a hundred frames deep, may well write."""


async def dump_stacks(handle: ProcessHandle, pid: int, stacks: Connection, *, within: float) -> str:
    """What the process writes about its threads on SIGUSR1, or why there is nothing, in words.

    Written by a handler below Python: neither a blocked event loop nor a held interpreter lock
    keeps it from answering. A process that is stopped, or stuck in the kernel, does not answer.
    """
    if not _would_answer(pid):
        return "no stacks: the process has no handler for SIGUSR1 (yet), which would end it"
    if not handle.signal(signal.SIGUSR1):
        return "no stacks: the process is gone"
    dump = await _read(stacks, within)
    return dump or f"no stacks: the process did not answer in {within:g} s ({_state(pid)})"


def last_words(stacks: Connection) -> str:
    """What a process that is gone wrote about its threads and nobody has read.

    One that crashed in native code, by SIGSEGV or SIGABRT, wrote down where that was.
    """
    os.set_blocking(stacks.fileno(), False)
    # A program that the process started, and left, may hold the other end.
    with contextlib.suppress(BlockingIOError):
        return os.read(stacks.fileno(), _LONGEST).decode("utf-8", "backslashreplace")
    return ""


async def _read(stacks: Connection, within: float) -> str:
    read = bytearray()
    with contextlib.suppress(TimeoutError, OSError):
        async with asyncio.timeout(within):
            while len(read) < _LONGEST:
                async with asyncio.timeout(_QUIET if read else within):
                    await readable(stacks.fileno())
                data = os.read(stacks.fileno(), _CHUNK)
                if not data:
                    break
                read += data
    return read[:_LONGEST].decode("utf-8", "backslashreplace")


def _would_answer(pid: int) -> bool:
    """Whether SIGUSR1 is caught; unknown, and taken for granted, where there is no /proc."""
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", _status(pid), re.MULTILINE)
    return caught is None or bool(int(caught[1], 16) >> (signal.SIGUSR1 - 1) & 1)


def _state(pid: int) -> str:
    state = re.search(r"^State:\s*(.+)", _status(pid), re.MULTILINE)
    return f"state {state[1]}" if state else "state unknown"


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return ""
