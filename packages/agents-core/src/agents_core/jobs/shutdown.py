"""How a job process ends: one list of bounded steps, run once, whoever asks and however often."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import logging
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial
from typing import TypeAlias

from agents_core.jobs import native
from agents_core.jobs.callbacks import Callback, Callbacks
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.steps import (
    Outcome,
    Skipped,
    Step,
    StepReport,
    run_in_loop,
    run_in_thread,
    run_step,
    say,
)
from agents_core.jobs.tasks import Tasks

Work: TypeAlias = Callable[[], Awaitable[object]]

_GRACE = 1.0
"""Seconds beyond the sum of the deadlines, after which the process ends by force."""


class Shutdown:
    """The ending of a job: session, room, callbacks, tasks, native library, logs, exit.

    Make it in the job's running event loop. The steps are driven from a thread of their own, so
    that a blocked loop holds up neither the clock nor the exit.

    `leave` ends the process: `os._exit`, because threads of the native library live on to the end,
    and the static destructors of an ordinary exit would run beside them.
    """

    def __init__(
        self,
        *,
        close_session: Work | None = None,
        disconnect_room: Work | None = None,
        deadlines: Deadlines | None = None,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._close_session = close_session
        self._disconnect_room = disconnect_room
        self._deadlines = deadlines or Deadlines()
        self._leave = leave
        self._loop = asyncio.get_running_loop()
        # The steps run in the context of the job, not in that of whoever happens to end it.
        self._context = contextvars.copy_context()
        self._callbacks = Callbacks()
        self._tasks = Tasks()
        self._begun = threading.Lock()
        self._ended: concurrent.futures.Future[tuple[StepReport, ...]] = concurrent.futures.Future()

    def add_callback(self, callback: Callback) -> None:
        """Have `callback` called with the reason of the shutdown, once the room is left.

        Raises:
            RuntimeError: the callbacks have been called already.
        """
        self._callbacks.add(callback)

    def begin(self, reason: str, *, status: int = 0) -> bool:
        """Start to end this process with exit status `status`; returns at once, from any thread.

        True for the call that started it. Every later one changes nothing.
        """
        if not self._begun.acquire(blocking=False):
            say(logging.DEBUG, "already shutting down; asked again: %s", reason)
            return False
        run = partial(self._context.run, self._run, reason, status)
        threading.Thread(target=run, name="job shutdown").start()
        return True

    async def wait(self) -> tuple[StepReport, ...]:
        """Wait for the end; the task that waits here is not stopped with the others.

        Returns, with a report of every step, only where `leave` does.
        """
        self._tasks.spare_current()
        return await asyncio.shield(asyncio.wrap_future(self._ended))

    def _run(self, reason: str, status: int) -> None:
        # Even a log line can block: on a full pipe to a parent that is stuck.
        fuse = threading.Timer(self._deadlines.total + _GRACE, self._leave, args=(status or 1,))
        fuse.daemon = True
        with contextlib.suppress(RuntimeError):  # no thread to be had: then without
            fuse.start()
        reports: list[StepReport] = []
        try:
            say(logging.INFO, "the job shuts down: %s", reason)
            reports.extend(map(run_step, self._steps(reason)))
            say(logging.INFO, "the job process ends (%s)", "; ".join(map(str, reports)))
            reports.append(run_step(self._flush_step()))
        finally:
            self._leave(status)
            fuse.cancel()
            self._ended.set_result(tuple(reports))

    def _steps(self, reason: str) -> Iterator[Step]:
        """In the order of running: the native library goes when nobody can use it any more."""
        yield Step(
            name="session close",
            done="session closed",
            deadline=self._deadlines.session,
            run=partial(self._await, self._close_session),
        )
        yield Step(
            name="room disconnect",
            done="room disconnected",
            deadline=self._deadlines.room,
            run=partial(self._await, self._disconnect_room),
        )
        yield Step(
            name="shutdown callbacks",
            done="shutdown callbacks called",
            deadline=self._deadlines.callbacks,
            run=partial(
                self._await, partial(self._callbacks.call, reason), late=self._callbacks.late
            ),
        )
        yield Step(
            name="task stop",
            done="tasks stopped",
            deadline=self._deadlines.tasks,
            run=partial(self._await, self._tasks.stop, late=self._tasks.late),
        )
        yield Step(
            name="native dispose",
            done="native resources disposed",
            deadline=self._deadlines.native,
            run=native.dispose,
        )

    def _flush_step(self) -> Step:
        return Step(
            name="log flush",
            done="logs flushed",
            deadline=self._deadlines.logs,
            run=partial(run_in_thread, _flush),
        )

    def _await(
        self, work: Work | None, timeout: float, late: Callable[[], Iterable[str]] = tuple
    ) -> Outcome:
        if work is None:
            return Skipped(reason="there is none")
        return run_in_loop(self._loop, work, timeout, late)


def _flush() -> None:
    logging.shutdown()
    for stream in (sys.stderr, sys.stdout):
        if stream is not None:  # a process without a console has none
            stream.flush()
