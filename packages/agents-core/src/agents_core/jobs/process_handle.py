"""A hold on a child process: whether it still runs, and signals that reach it and nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import time
from multiprocessing.process import BaseProcess
from typing import Protocol

from agents_core.jobs.descriptors import readable

_LOOK_AGAIN = 0.05
"""Seconds between two looks, where the kernel does not tell by itself."""
_TO_GROUP = 4
"""``PIDFD_SIGNAL_PROCESS_GROUP`` of ``linux/pidfd.h``."""
_STATUS_LOST = 255
"""What `multiprocessing` makes of a fork server that died before it could tell the status."""


class ProcessHandle(Protocol):
    """One process, from its start until it runs no more."""

    async def gone(self) -> None:
        """Wait until it runs no more; that it was waited for is another matter."""

    def runs(self) -> bool:
        """Whether it still runs, at this moment."""

    def signal(self, number: signal.Signals) -> bool:
        """Send a signal; False where the process is gone. Never hits one that got its number."""

    def sweep(self) -> bool:
        """Kill what is left of the process group that it led; whether there was anything."""

    def close(self) -> None:
        """Give back what holding it took."""


def hold(process: BaseProcess) -> ProcessHandle:
    """A handle of `process`, which was started a moment ago."""
    pid = _pid(process)
    handle = _by_descriptor(pid) or HandleByNumber(pid)
    if process.exitcode is None:
        return handle
    handle.close()  # waited for already: the number may be another's by now
    return HandleByNumber(None)


def _by_descriptor(pid: int) -> ProcessHandle | None:
    if sys.platform == "linux":
        # Without: a kernel older than 5.3, or a sandbox that forbids it.
        with contextlib.suppress(OSError):
            return HandleByDescriptor(os.pidfd_open(pid))
    return None


class HandleByDescriptor:
    """A process known to the kernel by a descriptor, which is never given to another one."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    async def gone(self) -> None:
        """See `ProcessHandle`."""
        await readable(self._descriptor)

    def runs(self) -> bool:
        """See `ProcessHandle`."""
        ended = select.poll()
        ended.register(self._descriptor, select.POLLIN)
        return not ended.poll(0)

    def signal(self, number: signal.Signals) -> bool:
        """See `ProcessHandle`."""
        try:
            signal.pidfd_send_signal(self._descriptor, number)
        except ProcessLookupError:
            return False
        return True

    def sweep(self) -> bool:
        """See `ProcessHandle`.

        Exact, whoever has its number now: the kernel goes by the descriptor.
        """
        # On Linux before 6.9 the flag is unknown, and a group without members not found.
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL, None, _TO_GROUP)
            return True
        return False

    def close(self) -> None:
        """See `ProcessHandle`."""
        os.close(self._descriptor)


class HandleByNumber:
    """A process known by its number and the time it started, looked at again and again."""

    def __init__(self, pid: int | None) -> None:
        """None for a process that is known to be gone."""
        import psutil

        self._no_process: type[Exception] = psutil.NoSuchProcess
        self._zombie = psutil.STATUS_ZOMBIE
        self._process: psutil.Process | None = None
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process = None if pid is None else psutil.Process(pid)

    async def gone(self) -> None:
        """See `ProcessHandle`."""
        while self.runs():  # noqa: ASYNC110 - the kernel sets no event
            await asyncio.sleep(_LOOK_AGAIN)

    def runs(self) -> bool:
        """See `ProcessHandle`."""
        try:
            return (
                self._process is not None
                and self._process.is_running()
                and self._process.status() != self._zombie
            )
        except self._no_process:
            return False

    def signal(self, number: signal.Signals) -> bool:
        """See `ProcessHandle`."""
        if self._process is None or not self.runs():
            return False
        try:
            self._process.send_signal(number)
        except self._no_process:
            return False
        return True

    def sweep(self) -> bool:
        """See `ProcessHandle`; here nothing, since the group's number may be another's by now."""
        return False

    def close(self) -> None:
        """See `ProcessHandle`."""


async def reap(process: BaseProcess, *, within: float) -> int | None:
    """The exit status of a process that is gone, negative for a signal; None where nobody knows.

    Afterwards it is no zombie, and `process` holds no descriptor. The status comes from the
    fork server where that started the process, so it takes a moment, and is lost with it.
    """
    pid = _pid(process)
    give_up = time.monotonic() + within
    while (status := process.exitcode) is None:
        if time.monotonic() > give_up:
            return None
        await asyncio.sleep(_LOOK_AGAIN / 10)
    process.close()
    return _adopt(pid) if status == _STATUS_LOST else status


def _adopt(pid: int) -> int | None:
    # The first process of a container inherits orphans, those of a dead fork server among them.
    with contextlib.suppress(ChildProcessError):
        waited, status = os.waitpid(pid, os.WNOHANG)
        if waited == pid:
            return os.waitstatus_to_exitcode(status)
    return None


def _pid(process: BaseProcess) -> int:
    if process.pid is None:
        raise ValueError(f"{process.name} was not started")
    return process.pid
