"""How a job process comes to life: forked, from a fork server, or as a new interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from agents_core.errors import AgentsError
from agents_core.jobs.child import ChildOptions, run_child
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.process_handle import ProcessHandle, hold

_OURS = ("agents_core.jobs.shield", "agents_core.jobs.child")
_PAUSES = (0.02, 0.2)
"""Seconds before another try: a fork server that was killed closes its door first, and only then
is dead, so that it can be replaced."""
_descriptors = threading.Lock()
"""Held while a fork is under way, and while a thread makes sockets that it must not inherit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process that was started, and the worker's ends of what joins them."""

    process: BaseProcess
    handle: ProcessHandle
    connection: socket.socket
    """For messages."""
    stacks: Connection
    """To read from: where the process writes its stacks on SIGUSR1."""


def prepare(options: ProcessOptions) -> None:
    """Start the fork server if it will be needed, so that the first job does not wait for it.

    Returns before it has imported what it imports.

    Raises:
        AgentsError: this system has not what it takes to end a process in every case.
        OSError: the fork server cannot be started.
    """
    if not hasattr(signal, "SIGKILL"):
        raise AgentsError("job processes need the signals of POSIX, which this system has not")
    if options.start_method == "forkserver":
        _preload(options)
        forkserver.ensure_running()


async def start_child(entry: EntryPoint, options: ProcessOptions) -> Child:
    """Start a process that runs `run_child`; it then waits for its first message.

    Not to be cancelled: the process that would come of it had nobody.

    Raises:
        OSError: the machine has no process or descriptor to spare.
        EOFError: one fork server after the other died.
        TimeoutError: the fork server did not answer within the deadline; it was killed, and the
            next start has a new one.
    """
    if options.start_method == "fork":
        # Here and now: a fork from another thread would make that the child's main thread.
        return _start(entry, options)
    for pause in _PAUSES:
        try:
            return await _start_in_thread(entry, options)
        except (EOFError, ConnectionError):  # the fork server died just now
            await asyncio.sleep(pause)
    return await _start_in_thread(entry, options)


async def _start_in_thread(entry: EntryPoint, options: ProcessOptions) -> Child:
    started = asyncio.ensure_future(asyncio.to_thread(_start, entry, options))
    done, _ = await asyncio.wait((started,), timeout=options.deadlines.initialize)
    if done or not _kill_fork_server():
        return await started
    with contextlib.suppress(EOFError, OSError):
        return await started  # it answered at the last moment after all
    raise TimeoutError("the fork server did not answer, and was killed")


def _start(entry: EntryPoint, options: ProcessOptions) -> Child:
    with _descriptors:
        ours, connection = socket.socketpair()
        # Not sockets: the many small writes of a dump would fill those long before a page is full.
        stacks, dump = multiprocessing.Pipe(duplex=False)
    with connection, dump:  # whatever becomes of it, these are the child's alone
        try:
            process = _launch(entry, connection, dump, options)
            handle = _hold(process)
        except BaseException:
            ours.close()
            stacks.close()
            raise
    return Child(process=process, handle=handle, connection=ours, stacks=stacks)


def _hold(process: BaseProcess) -> ProcessHandle:
    try:
        handle = hold(process)
    except BaseException:
        process.kill()  # nobody could tell it to end; `multiprocessing` still waits for it
        raise
    # Taken off the books of `multiprocessing`. It looks after its children at each start, in a
    # thread; a fork server tells a status once, and whoever asks second finds it lost. And at exit
    # it would wait, without a deadline, for one that the kernel does not let go of.
    multiprocessing.process._children.discard(process)  # type: ignore[attr-defined] # noqa: SLF001 - no public way
    return handle


def _launch(
    entry: EntryPoint, connection: socket.socket, dump: Connection, options: ProcessOptions
) -> BaseProcess:
    context = multiprocessing.get_context(options.start_method)
    _preload(options)
    with contextlib.ExitStack() as forking:
        disown: tuple[int, ...] = ()
        if options.start_method == "fork":
            forking.enter_context(_descriptors)
            forking.enter_context(_signals_held())
            disown = _sockets(except_for={connection.fileno(), dump.fileno()})
        process: BaseProcess = context.Process(  # type: ignore[attr-defined] # every context has one
            name="job process",
            target=run_child,
            args=(
                connection,
                entry,
                dump,
                ChildOptions(deadlines=options.deadlines, disown=disown),
            ),
        )
        process.start()
    return process


def _preload(options: ProcessOptions) -> None:
    # There is one fork server for the whole worker; once it runs, this changes nothing.
    forkserver.set_forkserver_preload([*_OURS, *options.preload])


def _sockets(*, except_for: set[int]) -> tuple[int, ...]:
    """Every socket of the worker: channels of siblings, its server's connection, its health port.

    A child that kept them open would hold a connection, or a port, that the worker has let go of.
    """
    linux = Path("/proc/self/fd")
    folder = linux if linux.exists() else Path("/dev/fd")
    opened = {int(entry.name) for entry in folder.iterdir()}
    return tuple(filter(_is_socket, sorted(opened - except_for)))


def _is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:  # the listing's own, closed by now
        return False


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    # Until the child has handlers of its own, a signal to it would run the worker's, and wake the
    # worker's event loop through the descriptor they share.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _kill_fork_server() -> bool:
    """Kill the one fork server that `multiprocessing` has, if there is one."""
    server: Any = forkserver._forkserver  # noqa: SLF001 - there is no public way to stop it
    with server._lock:  # noqa: SLF001 - under which it is waited for, and its number forgotten
        pid: int | None = server._forkserver_pid  # noqa: SLF001 - as above
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True
