"""How a worker on the command line ends: drained at the first signal, sooner at the second."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from agents_core.cli.command import DONE, SIGNALLED
from agents_core.cli.signals import hearing

if TYPE_CHECKING:
    from agents_core.worker.options import WorkerOptions
    from agents_core.worker.worker import Worker

_logger = logging.getLogger("agents_core.cli")
_PATIENCE = 3
"""Signals, at the last of which the process leaves as it is; its jobs notice that, and end."""


async def serve(options: WorkerOptions, *, devmode: bool) -> int:
    """Run a worker until SIGTERM or SIGINT; the exit status.

    Raises:
        AgentsError: it cannot start, or cannot go on.
    """
    from agents_core.worker.worker import Worker

    worker = Worker(options)
    farewell = Farewell(worker, options.mode(devmode=devmode).drain_timeout)
    with hearing(farewell.hear):
        try:
            await worker.run(devmode=devmode)
        finally:
            await farewell.aclose()
    return farewell.status


class Farewell:
    """Ends `worker` as signals come; `hear` may be called from any thread."""

    def __init__(
        self,
        worker: Worker,
        drain_timeout: float,
        *,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self.status = DONE
        """The exit status that the signals so far amount to."""
        self._worker = worker
        self._drain_timeout = drain_timeout
        self._leave = leave
        self._loop = asyncio.get_running_loop()
        self._heard = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, number: signal.Signals) -> None:
        """Take one more signal into account; the last one works even in a loop that is blocked."""
        self._heard += 1
        if self._heard >= _PATIENCE:
            self._leave(SIGNALLED + number)
            return
        self._loop.call_soon_threadsafe(self._act, number, self._heard)

    async def aclose(self) -> None:
        """Stop acting."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _act(self, number: signal.Signals, times: int) -> None:
        if times == 1:
            text = "%s: jobs may go on for %g s; again to end them now"
            _logger.info(text, number.name, self._drain_timeout)
            self._begin(self._drain(), "farewell: drain")
        else:
            self.status = SIGNALLED + number
            _logger.warning("%s again: ending the jobs; once more to leave at once", number.name)
            self._begin(self._worker.aclose(), "farewell: end")

    async def _drain(self) -> None:
        try:
            await self._worker.drain(self._drain_timeout)
        except TimeoutError:
            _logger.info("%d jobs are ended now", len(self._worker.active_jobs))
        finally:
            await self._worker.aclose()

    def _begin(self, work: Coroutine[object, object, None], name: str) -> None:
        task = self._loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
