"""One run of a worker: everything that it starts, and the order in which all of it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from agents_core.jobs.credentials import Credentials
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.pool import ProcessPool
from agents_core.jobs.reports import JobStatusChange
from agents_core.jobs.tasks import cancel_all
from agents_core.worker.credentials import shown
from agents_core.worker.effects import DrainBegun, JobChanged, Measured
from agents_core.worker.endpoint import serving
from agents_core.worker.health import PoolHealth, Snapshot
from agents_core.worker.line import ServerLine
from agents_core.worker.load import watch_load
from agents_core.worker.messages import JobStatus
from agents_core.worker.metrics import format_families
from agents_core.worker.options import Mode, WorkerOptions
from agents_core.worker.performer import Launched, Performer
from agents_core.worker.processes import process_options
from agents_core.worker.state import Limits, State
from agents_core.worker.version import sdk_version

if TYPE_CHECKING:
    from aiohttp import ClientSession

_logger = logging.getLogger("agents_core.worker")


class Shift:
    """Make it in the running event loop.

    `started` is called when the pool is started, `registered` with the id at each registration;
    `load` is asked for the load instead of the CPUs, where there is one.
    """

    def __init__(
        self,
        options: WorkerOptions,
        mode: Mode,
        credentials: Credentials,
        *,
        load: Callable[[], float] | None,
        registered: Callable[[str], None],
    ) -> None:
        self._options = options
        self._mode = mode
        self._credentials = credentials
        self._load = load
        limits = Limits(load_threshold=mode.load_threshold, job_load=options.job_load)
        self.performer = Performer(
            State(limits=limits, url=credentials.url),
            request_fnc=options.request_fnc,
            launch=self._launch,
            timings=options.timings,
        )
        self.pool = ProcessPool(
            EntryPoint.of(options.entrypoint_fnc, options.prewarm_fnc),
            process_options(options, mode),
            on_job_status=self._job_changed,
        )
        self.port = 0
        """Where health and metrics are served, while they are."""
        self._line = ServerLine(self.performer, options, credentials, registered)
        self._pool_health = PoolHealth()
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self, started: Callable[[], None]) -> None:
        """Take jobs until `aclose`.

        Raises:
            WorkerError: the worker cannot go on; jobs that ran were given the time to drain.
        """
        work: tuple[asyncio.Task[None], ...] = ()
        try:
            async with self._serving(), _client_session() as session:
                try:
                    await self.pool.start()
                    _logger.info("worker started for %s", shown(self._credentials.url))
                    started()
                    work = (
                        asyncio.create_task(self._line.stay(session), name="worker: server"),
                        asyncio.create_task(self._watch_load(), name="worker: load"),
                    )
                    await self._wait_for_end(work)
                finally:
                    await self._end(work)
            _raise_failure(work)
        finally:
            self._ended.set()

    async def drain(self, within: float | None) -> None:
        """Take no more jobs, and wait at most so many seconds for those that run.

        Raises:
            TimeoutError: some still do.
        """
        self.performer.feed(DrainBegun())
        _logger.info("draining: no more jobs, %d running", len(self.performer.state.jobs))
        async with asyncio.timeout(within if within != math.inf else None):
            # What was promised to the server may still be assigned.
            await self.performer.until(lambda state: not state.offers)
            await self.pool.drain()
            await self.performer.until(lambda state: not state.jobs)

    async def aclose(self) -> None:
        """End everything, jobs within their deadlines; returns when `run` is about to."""
        self._closing.set()
        await self._ended.wait()

    def snapshot(self) -> Snapshot:
        """For those who ask how the worker is."""
        state = self.performer.state
        return Snapshot(
            agent_name=self._options.agent_name,
            worker_type=self._options.worker_type.value,
            sdk_version=sdk_version(),
            active_jobs=len(state.jobs),
            load=state.expected,
            registered=state.registered,
            draining=state.draining,
            pool_problem=self._pool_health.problem(self.pool.metrics),
        )

    def metrics(self) -> str:
        """The page for Prometheus."""
        state, pool = self.performer.state, self.pool.metrics
        return format_families(self.performer.tally.families(state, pool))

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        async with serving(
            host=self._options.host,
            port=self._mode.port,
            snapshot=self.snapshot,
            metrics=self.metrics,
            close_timeout=self._options.timings.close,
        ) as self.port:
            yield
        self.port = 0

    async def _wait_for_end(self, work: tuple[asyncio.Task[None], ...]) -> None:
        closing = asyncio.create_task(self._closing.wait(), name="worker: until closed")
        try:
            await asyncio.wait((*work, closing), return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                if task.done():
                    await self._let_jobs_end(task, closing)
        finally:
            await cancel_all((closing,))

    async def _let_jobs_end(self, failed: asyncio.Task[None], closing: asyncio.Task[bool]) -> None:
        """A worker that cannot go on still has callers on the line."""
        _logger.error("the worker cannot go on: %s", failed.exception())
        drain = asyncio.create_task(self.drain(self._mode.drain_timeout), name="worker: drain")
        await asyncio.wait((drain, closing), return_when=asyncio.FIRST_COMPLETED)
        await cancel_all((drain,))

    async def _end(self, work: tuple[asyncio.Task[None], ...]) -> None:
        """Processes first, then what is to be told of them, then everything else."""
        self.performer.feed(DrainBegun())
        await self.pool.aclose()
        self._line.ping()  # its pong proves that the last reports were read
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._options.timings.close):
                await self.performer.until(lambda state: not state.unconfirmed)
        if untold := self.performer.state.unconfirmed:
            _logger.warning(
                "the server may not know how jobs ended: %s", ", ".join(map(repr, untold))
            )
        await cancel_all(work)
        await self.performer.aclose()

    async def _launch(self, running: RunningJob) -> Launched:
        known = self._credentials
        return await self.pool.launch(
            replace(running, api_key=known.api_key, api_secret=known.api_secret)
        )

    def _job_changed(self, change: JobStatusChange) -> None:
        status = JobStatus(change.status)
        error = change.error or ""
        self.performer.feed(JobChanged(job_id=change.job_id, status=status, error=error))

    async def _watch_load(self) -> None:
        def hear(load: float) -> None:
            self._pool_health.problem(self.pool.metrics)  # it learns from looking
            self.performer.feed(Measured(load=load))

        await watch_load(self._load, self._options.timings, hear)


@contextlib.asynccontextmanager
async def _client_session() -> AsyncIterator[ClientSession]:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        yield session


def _raise_failure(work: Iterable[asyncio.Task[None]]) -> None:
    for task in work:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
