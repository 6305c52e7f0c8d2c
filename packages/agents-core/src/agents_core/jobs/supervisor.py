"""One job process, seen from the worker: started, given its job, ended, and waited for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable

from agents_core.jobs.channel import ParentEnd
from agents_core.jobs.conversation import Conversation, StartFailed
from agents_core.jobs.dumps import last_words
from agents_core.jobs.ending import Cause, Ending
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.log_relay import escape, quote
from agents_core.jobs.messages import RunningJob, StartJob
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.process_handle import ProcessHandle, reap
from agents_core.jobs.reports import JobStatus, JobStatusChange, ProcessReport
from agents_core.jobs.starting import Child, start_child
from agents_core.jobs.tasks import cancel_all
from agents_core.jobs.watching import watch_memory

__all__ = ["StartFailed", "SupervisedJob"]

_logger = logging.getLogger("agents_core.jobs.supervisor")


class SupervisedJob:
    """A process for one job, from before its start until the kernel has let go of it.

    Everything that goes on here belongs to one task, which ends when the process is gone. Nothing
    that a process does, and no failure in here, reaches the worker as an exception.
    """

    def __init__(
        self,
        entry: EntryPoint,
        options: ProcessOptions,
        *,
        on_status: Callable[[JobStatusChange], None] | None = None,
    ) -> None:
        self.running: RunningJob | None = None
        self.pid: int | None = None
        self._entry = entry
        self._options = options
        self._on_status = on_status
        self._ending = Ending(options)
        self._talk = Conversation(options, self._ending, self._say_running)
        self._handle: ProcessHandle | None = None
        self._gone: asyncio.Future[ProcessReport] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and wait until its prewarm is done.

        Cancelled, it leaves the process to go on; `end` ends it.

        Raises:
            StartFailed: it could not be started, or prewarm failed or took too long. The process
                is ended, if there is one; `gone` tells when.
        """
        if self._task is None:
            self._task = asyncio.create_task(self._live(), name="job process")
        await asyncio.shield(self._talk.initialized)

    def launch(self, running: RunningJob) -> None:
        """Give the process its job.

        Raises:
            StartFailed: it is not ready for one: not initialised, ending or gone, or it has one.
            ChannelError: the job is too long to be sent.
        """
        job_id = _job_id(running)
        if not (self.ready and self._talk.send(StartJob(running=running))):
            raise StartFailed(f"job process {self.pid} takes no job now")
        self.running = running
        self._talk.job_id = job_id

    @property
    def job_id(self) -> str | None:
        """Of the job that it was given."""
        return self._talk.job_id

    @property
    def ready(self) -> bool:
        """Whether it waits for a job."""
        initialized = self._talk.initialized
        return (
            initialized.done()
            and initialized.exception() is None
            and self.running is None
            and not self._ending.begun
            and self._handle is not None
            and self._handle.runs()
        )

    def end(self, reason: str, *, at_fault: bool = False) -> None:
        """Have the process end; it is asked first, and killed if it has to be.

        Returns at once; `gone` tells when. After the first time it changes nothing.
        """
        if not self._ending.begun and not self._gone.done():
            level = logging.WARNING if at_fault else logging.DEBUG
            _logger.log(level, "job process %s has to end: %s", self.pid, escape(reason))
        self._ending.ask(Cause(reason=reason, at_fault=at_fault))

    async def gone(self) -> ProcessReport:
        """Wait until the process is gone and waited for; how it went."""
        return await asyncio.shield(self._gone)

    async def _live(self) -> None:
        started = time.monotonic()
        status = None
        try:
            child = await start_child(self._entry, self._options)
            self.pid = child.process.pid
            status = await self._keep(child)
        except Exception as error:  # whatever it was, it is told, and ends here
            _logger.exception("the supervision of job process %s failed", self.pid)
            self._blame(f"supervision failed: {error!r}")
        finally:
            self._report(status, time.monotonic() - started)

    async def _keep(self, child: Child) -> int | None:
        """Do all that belongs to a living process, until it lives no more; its exit status."""
        channel = ParentEnd(child.connection)
        tasks: tuple[asyncio.Task[None], ...] = ()
        self._handle = child.handle
        try:
            self._talk.open(channel, child.process.pid or 0)
            tasks = tuple(map(_as_task, self._duties(child)))
            await child.handle.gone()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._options.drain_timeout):
                    await self._talk.heard_all.wait()
        finally:
            # Of no effect where it is over. Where it is not, the worker's loop is being closed.
            child.handle.signal(signal.SIGKILL)
            self._handle = None
            await cancel_all(tasks)
            status = await self._let_go(child, channel)
        return status

    def _duties(self, child: Child) -> Iterable[tuple[str, Coroutine[None, None, None]]]:
        pid, options, talk, blame = child.process.pid or 0, self._options, self._talk, self._blame
        yield "initialising", self._guard(lambda: talk.initialize(blame))
        yield "ending", self._see_to_ending(child)
        yield "listening", self._guard(self._listen)
        yield "pinging", self._guard(lambda: talk.ping(blame))
        yield "measuring", self._guard(lambda: watch_memory(pid, options, blame))

    async def _guard(self, duty: Callable[[], Awaitable[None]]) -> None:
        try:
            await duty()
        except Exception as error:  # a process that cannot be watched has to go
            _logger.exception("the supervision of job process %s failed", self.pid)
            self._blame(f"supervision failed: {error!r}")

    async def _see_to_ending(self, child: Child) -> None:
        try:
            await self._ending.run(child, self._talk.request_shutdown)
        except Exception:
            _logger.exception("the ending of job process %s failed", self.pid)
            child.handle.signal(signal.SIGKILL)

    async def _listen(self) -> None:
        why = await self._talk.listen()
        # So ends a process as well that is dying at this very moment.
        await asyncio.sleep(self._options.drain_timeout)
        self._blame(why)

    def _blame(self, reason: str) -> None:
        self.end(reason, at_fault=True)

    async def _let_go(self, child: Child, channel: ParentEnd) -> int | None:
        status = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._options.deadlines.reap):
                await child.handle.gone()
                status = await reap(child.process, within=self._options.deadlines.reap)
        if child.handle.sweep() and status is not None:
            _logger.warning("job process %s left others behind: killed", self.pid)
        if status is not None and (stacks := last_words(child.stacks)):
            _logger.warning("job process %s crashed; its threads:\n%s", self.pid, quote(stacks))
        child.handle.close()
        child.stacks.close()
        channel.close()
        return status

    def _report(self, status: int | None, seconds: float) -> None:
        cause = self._ending.cause or Cause(reason="unexpectedly", at_fault=True)
        report = ProcessReport(
            pid=self.pid,
            job_id=self.job_id,
            reason=cause.reason,
            at_fault=cause.at_fault,
            status=status,
            job_error=self._talk.job_error,
            forced=self._ending.forced,
            steps=self._talk.steps,
            seconds=seconds,
        )
        _logger.log(logging.WARNING if report.failure else logging.INFO, "%s", report)
        self._talk.fail_start(str(report))
        self._say(report.failure)
        self._gone.set_result(report)

    def _say_running(self) -> None:
        if self.job_id is not None:
            self._tell(JobStatusChange(job_id=self.job_id, status="running"))

    def _say(self, failure: str | None) -> None:
        if self.job_id is not None:
            status: JobStatus = "failed" if failure else "success"
            self._tell(JobStatusChange(job_id=self.job_id, status=status, error=failure))

    def _tell(self, change: JobStatusChange) -> None:
        try:
            if self._on_status is not None:
                self._on_status(change)
        except Exception:
            _logger.exception("whoever is told about job %s failed", escape(change.job_id))


def _job_id(running: RunningJob) -> str:
    from livekit.protocol.agent import Job

    return str(Job.FromString(running.job).id)


def _as_task(duty: tuple[str, Coroutine[None, None, None]]) -> asyncio.Task[None]:
    name, work = duty
    return asyncio.create_task(work, name=f"job process: {name}")
