"""What a worker asks of its job process: to get ready, to show that it lives, to run a job."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial

from agents_core.jobs.channel import Outbox
from agents_core.jobs.context import JobContext, JobEndsError
from agents_core.jobs.entry import EntryPoint, LoadedEntry
from agents_core.jobs.logs import ChannelHandler
from agents_core.jobs.messages import (
    Initialize,
    Initialized,
    JobEnded,
    JobStarted,
    Pong,
    RunningJob,
)
from agents_core.jobs.orphan import Parent
from agents_core.jobs.process import JobProcess
from agents_core.jobs.running import Running
from agents_core.jobs.shutdown import Shutdown
from agents_core.jobs.steps import in_a_line, say

_LONGEST_ERROR = 2000
"""Characters of an error in a message; the log has the whole of it."""


class Duties:
    """Done in the event loop of the process, one after the other, and at most one job.

    Attributes:
        running: the job's entry point, once there is a job.
    """

    def __init__(
        self, *, entry: EntryPoint, outbox: Outbox, log: ChannelHandler, parent: Parent
    ) -> None:
        self._entry = entry
        self._outbox = outbox
        self._log = log
        self._parent = parent
        self._process = JobProcess()
        self._loaded: LoadedEntry | None = None
        self.running: Running | None = None

    def initialize(self, told: Initialize, shutdown: Shutdown) -> None:
        """Load the entry point and run prewarm; where that fails, the process ends."""
        self._log.setLevel(told.log_level)
        logging.getLogger().setLevel(told.log_level)
        error = None
        try:
            self._prewarm()
        except BaseException as failed:  # noqa: BLE001 - the user's module may raise anything
            error = describe(failed)
            say(logging.ERROR, "%s cannot be made ready", self._entry.name, error=failed)
        self._parent.expect_pings(told.orphan_timeout)
        self._outbox.send(Initialized(error=error))
        if error is not None:
            shutdown.begin("it could not be made ready for a job", status=1)

    def answer(self, timestamp: float) -> None:
        """Show that the event loop is alive."""
        self._outbox.send(Pong(last_timestamp=timestamp, timestamp=time.time()))

    def start(self, told: RunningJob, shutdown: Shutdown) -> None:
        """Begin the job, or say that it cannot be had."""
        job_id = ""
        try:
            job_id = _id_of(told)
            loaded = self._accept(shutdown)
            context = JobContext(running=told, proc=self._process, shutdown=shutdown)
        except Exception as error:  # noqa: BLE001 - a worker that asks for nonsense is told so
            self._outbox.send(JobEnded(job_id=job_id, error=describe(error)))
            return
        self._log.fields = context.log_context_fields
        self._outbox.send(JobStarted(job_id=job_id))
        ended = partial(self._ended, job_id, shutdown)
        self.running = Running(loaded.entrypoint, context, ended=ended)

    def _prewarm(self) -> None:
        # Now, so that no caller has to wait for it.
        import livekit.protocol.agent  # noqa: F401

        self._loaded = self._entry.load()
        self._loaded.warm(self._process)

    def _accept(self, shutdown: Shutdown) -> LoadedEntry:
        if shutdown.begun:
            raise RuntimeError("the process is ending")
        if self.running is not None:
            raise RuntimeError("the process has a job already")
        if self._loaded is None:
            raise RuntimeError("the process is not ready for a job")
        return self._loaded

    def _ended(self, job_id: str, shutdown: Shutdown, raised: BaseException | None) -> None:
        """The entry point is over. One that returned leaves the job to its room, and to others."""
        if raised is None or is_no_failure(raised, shutdown):
            self._outbox.send(JobEnded(job_id=job_id))
            if isinstance(raised, SystemExit):
                shutdown.begin("the entry point exited")
            return
        error = describe(raised)
        say(logging.ERROR, "the entry point %s failed", self._entry.name, error=raised)
        self._outbox.send(JobEnded(job_id=job_id, error=error))
        shutdown.begin(f"the entry point failed: {error}", status=1)


def describe(error: BaseException) -> str:
    """The error in a line, short enough for a message."""
    return in_a_line(error)[:_LONGEST_ERROR]


def status_of(error: SystemExit) -> int:
    """The exit status of a process that nobody kept from this exit."""
    if error.code is None:
        return 0
    return error.code & 0xFF if isinstance(error.code, int) else 1


def is_no_failure(raised: BaseException | None, shutdown: Shutdown) -> bool:
    """Whether an entry point that raised this, or nothing, did what it was there for."""
    match raised:
        case None:
            return True
        case SystemExit():
            return status_of(raised) == 0
        case asyncio.CancelledError() | JobEndsError():  # of the ending, and not its cause
            return shutdown.begun
        case _:
            return False


def _id_of(told: RunningJob) -> str:
    from livekit.protocol import agent

    return agent.Job.FromString(told.job).id
