"""`console`: talk to the agent in text, on the terminal, without a room."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from agents_core.cli.command import DONE, SIGNALLED, Command

if TYPE_CHECKING:
    from agents_core.worker.options import WorkerOptions


def _console(options: WorkerOptions, _: argparse.Namespace) -> int:
    return asyncio.run(_talk(options))


async def _talk(options: WorkerOptions) -> int:
    """One fake job, which ends this process as a job process ends: by the steps of its shutdown."""
    from agents_core.cli.signals import hearing
    from agents_core.cli.terminal import Terminal
    from agents_core.jobs.alone import LoneJob
    from agents_core.jobs.entry import LoadedEntry

    entry = LoadedEntry(entrypoint=options.entrypoint_fnc, prewarm=options.prewarm_fnc)
    terminal = Terminal()
    job = LoneJob(entry, terminal.take, deadlines=options.deadlines)
    terminal.over = job.shutdown.begin
    with hearing(Interruptions(job.shutdown.begin).hear):
        await job.live()
    return DONE


class Interruptions:
    """Ctrl-C on a console: ends the job, and the second time the process."""

    def __init__(
        self,
        begin: Callable[[str], object],
        *,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._begin = begin
        self._leave = leave
        self._heard = False

    def hear(self, number: signal.Signals) -> None:
        """Take one more signal into account; from any thread."""
        if self._heard:
            self._leave(SIGNALLED + number)
            return
        self._heard = True
        sys.stderr.write("\n")
        self._begin(number.name)


CONSOLE = Command(
    name="console",
    help="talk to the agent in text on the terminal, without a server; Ctrl-D ends it",
    run=_console,
    log_level="WARNING",
)
