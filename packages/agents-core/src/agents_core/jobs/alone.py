"""A job in this very process, without a worker, a server or a room."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from agents_core.jobs.context import Host, JobContext
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.duties import describe, is_no_failure
from agents_core.jobs.entry import LoadedEntry
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.process import JobProcess
from agents_core.jobs.running import Running, first_steps
from agents_core.jobs.shutdown import Shutdown
from agents_core.jobs.steps import StepReport, say

JOB_ID = "alone"


class LoneJob:
    """A fake job that ends by the same road as a real one; make it in the running event loop.

    `host` is given its sessions, because there is no room for them. `leave` ends the process.

    Attributes:
        shutdown: its ending, for whoever wants to begin it.
    """

    def __init__(
        self,
        entry: LoadedEntry,
        host: Host,
        *,
        deadlines: Deadlines | None = None,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        deadlines = deadlines or Deadlines()
        self._entry = entry
        self._host = host
        self._hosted = False
        self._running: Running | None = None
        self.shutdown = Shutdown(
            before=first_steps(lambda: self._running, deadlines), deadlines=deadlines, leave=leave
        )

    async def live(self) -> tuple[StepReport, ...]:
        """Prewarm, run the entry point, and wait for the end; returns only where `leave` does.

        Raises:
            Exception: whatever prewarm raises; then there was no job.
        """
        process = JobProcess()
        self._entry.warm(process)
        context = JobContext(running=_fake(), proc=process, shutdown=self.shutdown, host=self._take)
        self._running = Running(self._entry.entrypoint, context, ended=self._ended)
        return await self.shutdown.wait()

    def _take(self, session: object) -> None:
        self._hosted = True
        self._host(session)

    def _ended(self, raised: BaseException | None) -> None:
        """The entry point is over; one that returned leaves the job to its session."""
        if raised is not None and not is_no_failure(raised, self.shutdown):
            say(logging.ERROR, "the entry point failed", error=raised)
            self.shutdown.begin(f"the entry point failed: {describe(raised)}", status=1)
        elif isinstance(raised, SystemExit):
            self.shutdown.begin("the entry point exited")
        elif not self._hosted:
            say(logging.WARNING, "the entry point has returned, and started no session")
            self.shutdown.begin("there is no session")


def _fake() -> RunningJob:
    from livekit.protocol import agent, models

    job = agent.Job(id=JOB_ID, room=models.Room(name=JOB_ID))
    return RunningJob(
        job=job.SerializeToString(), url="", token="", worker_id="", identity=JOB_ID, fake=True
    )
