"""How a job process ends: one list of bounded steps, run once, whoever asks and however often."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import logging
import math
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Protocol, TypeAlias

from agents_core.jobs import native
from agents_core.jobs.callbacks import Callback, Callbacks, name_of
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

GRACE = 1.0
"""Seconds beyond the sum of the deadlines, after which the process ends by force."""


class Observer(Protocol):
    """Who wants to know how a shutdown goes, from its own thread; errors of it are ignored."""

    def begun(self, reason: str, longest: float) -> object:
        """The shutdown began, and the process is gone in `longest` seconds at the latest."""

    def ended(self, report: StepReport) -> object:
        """One more step is over."""


class Shutdown:
    """The ending of a job: session, room, callbacks, tasks, native library, logs, exit.

    Make it in the job's running event loop. The steps are driven from a thread of their own, so
    that a blocked loop holds up neither the clock nor the exit. Steps of `before` come first.

    `leave` ends the process: `os._exit`, because threads of the native library live on to the end,
    and the static destructors of an ordinary exit would run beside them.
    """

    def __init__(  # noqa: PLR0913 - each is left out more often than not
        self,
        *,
        close_session: Work | None = None,
        disconnect_room: Work | None = None,
        before: Iterable[Step] = (),
        observer: Observer | None = None,
        deadlines: Deadlines | None = None,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._before = tuple(before)
        self._observer = observer
        self._deadlines = deadlines or Deadlines()
        self._leave = leave
        self._loop = asyncio.get_running_loop()
        self._sessions = Callbacks("session close")
        self._rooms = Callbacks("room disconnect")
        self._callbacks = Callbacks("shutdown callback")
        for work, callbacks in ((close_session, self._sessions), (disconnect_room, self._rooms)):
            if work is not None:
                callbacks.add(_without_reason(work))
        self._tasks = Tasks()
        self._begun = threading.Lock()
        self._ended: concurrent.futures.Future[tuple[StepReport, ...]] = concurrent.futures.Future()
        self.adopt_context()

    @property
    def begun(self) -> bool:
        """Whether the ending has been asked for."""
        return self._begun.locked()

    def adopt_context(self) -> None:
        """Run the steps in the context of the caller, not in that of whoever ends the job."""
        self._context = contextvars.copy_context()

    def add_session(self, close: Callback) -> Callable[[], None]:
        """Have `close` called with the reason, before the room is left.

        Returns a function that takes it back, for a session that was closed before.

        Raises:
            RuntimeError: the sessions are closed already.
        """
        self._sessions.add(close)
        return partial(self._sessions.remove, close)

    def add_room(self, disconnect: Callback) -> None:
        """Have `disconnect` called with the reason, once the sessions are closed.

        Raises:
            RuntimeError: the rooms are left already.
        """
        self._rooms.add(disconnect)

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
        try:
            threading.Thread(target=run, name="job shutdown").start()
        except RuntimeError as error:  # no thread to be had: no step could be bounded
            say(logging.ERROR, "the job ends without its steps: %s", reason, error=error)
            self._leave(status or 1)
        return True

    async def wait(self) -> tuple[StepReport, ...]:
        """Wait for the end; the task that waits here is not stopped with the others.

        Returns, with a report of every step, only where `leave` does.
        """
        self._tasks.spare_current()
        return await asyncio.shield(asyncio.wrap_future(self._ended))

    def _run(self, reason: str, status: int) -> None:
        steps, flush = self._steps(reason), self._flush_step()
        longest = math.fsum(step.deadline for step in (*steps, flush)) + GRACE
        # Even a log line can block: on a full pipe to a parent that is stuck.
        fuse = threading.Timer(longest, self._leave, args=(status or 1,))
        fuse.daemon = True
        with contextlib.suppress(RuntimeError):  # no thread to be had: then without
            fuse.start()
        reports: list[StepReport] = []
        try:
            self._tell(lambda observer: observer.begun(reason, longest))
            say(logging.INFO, "the job shuts down: %s", reason)
            reports.extend(map(self._run_step, steps))
            say(logging.INFO, "the job process ends (%s)", "; ".join(map(str, reports)))
            reports.append(self._run_step(flush))
        finally:
            self._leave(status)
            fuse.cancel()
            self._ended.set_result(tuple(reports))

    def _run_step(self, step: Step) -> StepReport:
        report = run_step(step)
        self._tell(lambda observer: observer.ended(report))
        return report

    def _tell(self, what: Callable[[Observer], object]) -> None:
        if self._observer is not None:
            with contextlib.suppress(Exception):  # a worker that is gone changes nothing
                what(self._observer)

    def _steps(self, reason: str) -> tuple[Step, ...]:
        """In the order of running: the native library goes when nobody can use it any more."""
        deadlines = self._deadlines
        return (
            *self._before,
            Step(
                name="session close",
                done="session closed",
                deadline=deadlines.session,
                run=partial(self._call, self._sessions, reason),
            ),
            Step(
                name="room disconnect",
                done="room disconnected",
                deadline=deadlines.room,
                run=partial(self._call, self._rooms, reason),
            ),
            Step(
                name="shutdown callbacks",
                done="shutdown callbacks called",
                deadline=deadlines.callbacks,
                run=partial(self._call, self._callbacks, reason),
            ),
            Step(
                name="task stop",
                done="tasks stopped",
                deadline=deadlines.tasks,
                run=partial(run_in_loop, self._loop, self._tasks.stop, late=self._tasks.late),
            ),
            Step(
                name="native dispose",
                done="native resources disposed",
                deadline=deadlines.native,
                run=native.dispose,
            ),
        )

    def _flush_step(self) -> Step:
        return Step(
            name="log flush",
            done="logs flushed",
            deadline=self._deadlines.logs,
            run=partial(run_in_thread, _flush),
        )

    def _call(self, callbacks: Callbacks, reason: str, timeout: float) -> Outcome:
        # Not left to the loop, which may be blocked.
        if not callbacks.seal():
            return Skipped(reason="there is none")
        return run_in_loop(self._loop, partial(callbacks.call, reason), timeout, callbacks.late)


def _without_reason(work: Work) -> Callback:
    def call(_reason: str) -> Awaitable[object]:
        return work()

    call.__qualname__ = name_of(work)
    return call


def _flush() -> None:
    logging.shutdown()
    for stream in (sys.stderr, sys.stdout):
        if stream is not None:  # a process without a console has none
            stream.flush()
