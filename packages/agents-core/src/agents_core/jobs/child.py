"""Where a job process begins: it takes what is its own, and lets go of what is its worker's."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from agents_core.jobs.channel import Outbox
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.duties import Duties
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.life import Life
from agents_core.jobs.logs import ChannelHandler, send_logs
from agents_core.jobs.orphan import Parent
from agents_core.jobs.steps import say


class HasDescriptor(Protocol):
    """A file, a socket, or a connection of `multiprocessing`."""

    def fileno(self) -> int:
        """Its descriptor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildOptions:
    """What a job process has to know before the first message."""

    deadlines: Deadlines = field(default_factory=Deadlines)
    disown: tuple[int, ...] = ()
    """Descriptors that a forked process has inherited and must not hold: the channels of its
    siblings above all, whose end nobody would hear of while it lives."""
    own_session: bool = True
    """Whether Ctrl-C in the worker's terminal reaches the worker alone, which then decides."""


def run_child(
    connection: socket.socket,
    entry: EntryPoint,
    dump: HasDescriptor | None = None,
    options: ChildOptions | None = None,
) -> NoReturn:
    """Live, in the main thread of a new process, and end it; the target of a `Process`.

    Args:
        connection: the process's end of a socket pair, of which the worker holds the other.
        entry: what to run for a job.
        dump: where SIGUSR1, and a crash, write the stacks of all threads; standard error if it
            is not given.
        options: of this process.
    """
    options = options or ChildOptions()
    _disown(options.disown)
    if options.own_session:
        _begin_session()
    _dump_stacks(dump)
    connection.settimeout(None)
    outbox = Outbox(connection)
    try:
        _live(connection, outbox, entry, options.deadlines)
    except BaseException as error:  # noqa: BLE001 - it ends here, and nobody else would tell
        say(logging.ERROR, "the job process broke", error=error)
        outbox.flush(options.deadlines.logs)
    finally:
        os._exit(1)


def _live(
    connection: socket.socket, outbox: Outbox, entry: EntryPoint, deadlines: Deadlines
) -> NoReturn:
    log = ChannelHandler(outbox, deadlines.logs)
    send_logs(log)
    parent = Parent()
    parent.expect_pings(deadlines.initialize)
    Life(
        connection=connection,
        outbox=outbox,
        duties=Duties(entry=entry, outbox=outbox, log=log, parent=parent),
        parent=parent,
        deadlines=deadlines,
    ).live()


def _disown(descriptors: tuple[int, ...]) -> None:
    # Not closed: the number would be given to something new, which an object of the worker's,
    # collected in this process, would then close.
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nothing, descriptor, inheritable=False)
    os.close(nothing)


def _begin_session() -> None:
    if hasattr(os, "setsid") and os.getpgrp() != os.getpid():
        os.setsid()


def _dump_stacks(dump: HasDescriptor | None) -> None:
    own = dump if hasattr(faulthandler, "register") else None  # or it is no POSIX descriptor
    where = sys.__stderr__ if own is None else own
    if where is None:  # a process without a console
        return
    if own is not None:
        # A reader that is late costs the rest of the dump, and not the process.
        os.set_blocking(own.fileno(), False)
    faulthandler.enable(where.fileno(), all_threads=True)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, where.fileno(), all_threads=True)
