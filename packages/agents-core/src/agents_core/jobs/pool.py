"""The job processes of a worker: some kept ready, each given one job, all of them ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine

from agents_core.errors import AgentsError
from agents_core.jobs.counters import Counters, PoolMetrics
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.reports import JobStatusChange, ProcessReport
from agents_core.jobs.restarts import Restarts
from agents_core.jobs.starting import prepare
from agents_core.jobs.supervisor import StartFailed, SupervisedJob
from agents_core.jobs.tasks import cancel_all

_logger = logging.getLogger("agents_core.jobs.pool")

_TRIES = 3
"""Processes that may turn out to be dying, one after the other, when they are given a job."""


class PoolClosed(AgentsError):
    """The worker drains or ends, and takes no more jobs."""


class ProcessPool:
    """Keeps `options.num_idle` processes ready, and supervises those that have a job.

    Make it, and use it, in one running event loop. `on_job_status` is called in that loop; what
    it raises is logged.
    """

    def __init__(
        self,
        entry: EntryPoint,
        options: ProcessOptions | None = None,
        *,
        on_job_status: Callable[[JobStatusChange], None] | None = None,
    ) -> None:
        self._entry = entry
        self._options = options or ProcessOptions()
        self._on_job_status = on_job_status
        self._counters = Counters()
        self._processes: set[SupervisedJob] = set()
        self._idle: deque[SupervisedJob] = deque()
        self._warming: set[SupervisedJob] = set()
        self._waiting: deque[asyncio.Future[SupervisedJob]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._restarts = Restarts()
        self._timer: asyncio.TimerHandle | None = None
        self._num_idle = 0
        self._closed = False

    async def start(self) -> None:
        """Begin to keep processes ready; does not wait for them.

        Raises:
            AgentsError: this system has no signals to end a process with (Windows).
            OSError: the fork server cannot be started.
        """
        await asyncio.to_thread(prepare, self._options)
        self._num_idle = self._options.num_idle
        self._refill()

    async def launch(self, running: RunningJob) -> SupervisedJob:
        """Give a job to a process that is ready, or to one that is started for it.

        Raises:
            PoolClosed: no more jobs are taken.
            StartFailed: no process could be had for it.
            ChannelError: the job is too long to be sent.
        """
        for attempt in range(1, _TRIES + 1):
            process = await self._take()
            try:
                process.launch(running)
            except StartFailed:  # it died just now, or was ended
                if attempt == _TRIES:
                    raise
            except BaseException:
                process.end("its job could not be sent")
                raise
            else:
                self._restarts = Restarts()
                return process
        raise AssertionError("unreachable")

    async def drain(self) -> None:
        """Take no more jobs, end what is idle, and wait until every job has ended by itself.

        May take as long as a conversation: bound it. Cancelled, it leaves the jobs to go on.
        """
        self._close(lambda process: process.running is None, "the worker drains")
        await asyncio.gather(*(process.gone() for process in self._processes))

    async def aclose(self) -> None:
        """End all processes at the same time, and wait until they are gone.

        Takes no longer than starting and `ProcessOptions.longest_ending` together; whatever the
        kernel does not let go of until then is reported, and left to it.
        """
        self._close(lambda _process: True, "the worker ends")
        bound = self._options.deadlines.initialize + self._options.longest_ending
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(bound):
                await asyncio.gather(*(process.gone() for process in self._processes))
        for process in self._processes:
            _logger.error("job process %s is not gone after %.0f s", process.pid, bound)
        await cancel_all(self._tasks)

    @property
    def processes(self) -> tuple[SupervisedJob, ...]:
        """All that are not gone."""
        return tuple(self._processes)

    @property
    def metrics(self) -> PoolMetrics:
        """What has been counted so far, and what there is now."""
        return self._counters.metrics(
            idle=len(self._idle),
            initializing=len(self._warming),
            running=sum(process.running is not None for process in self._processes),
        )

    async def _take(self) -> SupervisedJob:
        if self._closed:
            raise PoolClosed("the worker takes no more jobs")
        while self._idle:
            process = self._idle.popleft()
            if process.ready:
                self._refill()
                return process
        waiting: asyncio.Future[SupervisedJob] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._refill()
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self._offer(waiting.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(waiting)

    def _refill(self) -> None:
        """Start what is missing: at once where a job waits for it, else with the wait it earned."""
        if self._closed:
            return
        while len(self._warming) < self._options.max_initializing:
            promised = len(self._idle) + len(self._warming)
            pause = self._restarts.pause(time.monotonic())
            if promised >= self._num_idle + len(self._waiting):
                return
            if pause > 0 and len(self._warming) >= len(self._waiting):
                self._look_again(pause)
                return
            self._warm()

    def _look_again(self, pause: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(pause, self._refill)

    def _warm(self) -> None:
        process = SupervisedJob(self._entry, self._options, on_status=self._on_job_status)
        self._counters.starts += 1
        self._processes.add(process)
        self._warming.add(process)
        self._own(self._bring_up(process), "job process: warming")
        self._own(self._see_off(process), "job process: seeing off")

    def _own(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring_up(self, process: SupervisedJob) -> None:
        try:
            await process.start()
        except StartFailed as error:
            self._tell_failure(error)
            await process.gone()  # a slot is free when its process is: failures do not pile up
        self._warming.discard(process)
        self._offer(process)

    async def _see_off(self, process: SupervisedJob) -> None:
        report = await process.gone()
        self._counters.ended(report)
        self._processes.discard(process)
        self._warming.discard(process)
        if process in self._idle:
            self._idle.remove(process)
            self._note_failure(report)
        self._refill()

    def _tell_failure(self, error: StartFailed) -> None:
        if self._closed:
            return
        self._counters.initialize_failures += 1
        self._note_failure(error)
        if waiting := self._next_waiting():
            waiting.set_exception(error)

    def _note_failure(self, why: StartFailed | ProcessReport) -> None:
        now = time.monotonic()
        lived = why.seconds if isinstance(why, ProcessReport) else 0.0
        self._restarts = self._restarts.failed(now, self._options, lived=lived)
        pause = self._restarts.pause(now)
        _logger.warning(
            "an idle process is lost (%s); replaced in %.1f s at the soonest", why, pause
        )

    def _offer(self, process: SupervisedJob) -> None:
        """Give a process that is ready to the first who waits for one, or keep it."""
        waiting = self._next_waiting() if process.ready else None
        if waiting is not None:
            waiting.set_result(process)
        elif process.ready:
            self._idle.append(process)
        self._refill()

    def _next_waiting(self) -> asyncio.Future[SupervisedJob] | None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                return waiting
        return None

    def _close(self, ends: Callable[[SupervisedJob], bool], reason: str) -> None:
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        while waiting := self._next_waiting():
            waiting.set_exception(PoolClosed("the worker takes no more jobs"))
        self._idle.clear()
        for process in filter(ends, self._processes):
            process.end(reason)
