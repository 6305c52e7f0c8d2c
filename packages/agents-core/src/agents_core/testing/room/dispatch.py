"""Jobs for agents: who gets one, and what becomes of it."""

from __future__ import annotations

import asyncio
from typing import Literal, TypeAlias

from livekit.protocol import agent, models

from agents_core.errors import AgentsError
from agents_core.testing.room.events import Event, EventLog
from agents_core.testing.room.rooms import new_sid
from agents_core.testing.room.tokens import Keys
from agents_core.testing.room.workers import Worker, Workforce

Status: TypeAlias = Literal["pending", "running", "success", "failed", "cancelled"]

_ANSWER = 10.0
"""Seconds that a worker has to say whether it takes a job, as the real server grants it."""
_PATIENCE = 60.0
"""Seconds that a job which nobody waits for waits for a worker."""


class Undispatched(AgentsError):
    """No worker took a job in time."""


class Dispatch:
    """One job, from its assignment to its end.

    Attributes:
        job_id: of the job.
        room: the name of its room.
        worker_id: of the worker that took it.
        identity: of the agent that will join the room.
    """

    def __init__(self, job: agent.Job, worker: Worker, identity: str, log: EventLog) -> None:
        self.job_id = job.id
        self.room = job.room.name
        self.worker_id = worker.id
        self.identity = identity
        self._worker = worker
        self._log = log

    @property
    def status(self) -> Status:
        """The last that its worker told of it."""
        told = self._log.seen("job_status", job=self.job_id)
        status: Status = told[-1]["status"] if told else "pending"
        return status

    async def wait_status(self, status: Status, *, within: float = 10.0) -> Event:
        """Wait until the worker has told so; the event says when, and with which error.

        Raises:
            NotSeen: it did not, in `within` seconds.
        """
        return await self._log.wait_for("job_status", job=self.job_id, status=status, within=within)

    async def terminate(self) -> None:
        """Have the worker end the job.

        Raises:
            ConnectionError: the worker is gone.
        """
        self._log.say("job_terminated", room=self.room, job=self.job_id)
        termination = agent.JobTermination(job_id=self.job_id)
        await self._worker.send(agent.ServerMessage(termination=termination))


class Dispatcher:
    """Finds a worker for every job."""

    def __init__(self, keys: Keys, log: EventLog) -> None:
        self._keys = keys
        self._log = log
        self.workforce = Workforce(log, self._simulate)
        self._unattended: set[asyncio.Task[Dispatch]] = set()

    async def dispatch(
        self, job: agent.Job, *, to: Worker | None = None, within: float = 10.0
    ) -> Dispatch:
        """Give a job to the least loaded worker that is free and takes it; first of all `to`.

        Raises:
            Undispatched: nobody took it in `within` seconds, or a worker said that nobody shall.
        """
        refused: set[str] = set()
        try:
            async with asyncio.timeout(within):
                while True:
                    worker, to = to or self.workforce.least_loaded(job, refused), None
                    if worker is None:
                        await self.workforce.news.wait()
                    elif (dispatch := await self._offer(worker, job)) is not None:
                        return dispatch
                    else:
                        refused.add(worker.id)
        except TimeoutError:
            raise Undispatched(
                f"none of {len(self.workforce)} workers took a job for {job.agent_name!r} in "
                f"{within} s; {len(refused)} refused it"
            ) from None

    def dispatch_unattended(self, job: agent.Job, *, to: Worker | None = None) -> None:
        """The same, with nobody who waits: what came of it is among the events."""
        dispatching = asyncio.create_task(
            self.dispatch(job, to=to, within=_PATIENCE), name=f"dispatch of {job.id}"
        )
        self._unattended.add(dispatching)
        dispatching.add_done_callback(self._on_dispatched)

    async def aclose(self) -> None:
        """Give out no more jobs, and close every worker's connection."""
        for dispatching in self._unattended:
            dispatching.cancel()
        await asyncio.gather(*self._unattended, return_exceptions=True)
        await self.workforce.aclose()

    async def _offer(self, worker: Worker, job: agent.Job) -> Dispatch | None:
        """Ask a worker whether it takes a job, and give it if so."""
        answer = worker.answers[job.id] = asyncio.get_running_loop().create_future()
        self._log.say("job_offered", room=job.room.name, job=job.id, worker=worker.id)
        try:
            await worker.send(agent.ServerMessage(availability=agent.AvailabilityRequest(job=job)))
            taken = await asyncio.wait_for(answer, _ANSWER)
            if taken.available:
                return await self._assign(worker, job, taken)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            del worker.answers[job.id]
        facts = {"job": job.id, "worker": worker.id, "terminate": taken.terminate}
        self._log.say("job_refused", room=job.room.name, **facts)
        if taken.terminate:
            raise Undispatched(f"{worker.id} said that nobody shall take the job")
        return None

    async def _assign(
        self, worker: Worker, job: agent.Job, taken: agent.AvailabilityResponse
    ) -> Dispatch:
        identity = taken.participant_identity or f"agent-{job.id}"
        job.state.worker_id, job.state.participant_identity = worker.id, identity
        token = self._keys.mint(
            identity,
            room=job.room.name,
            agent=True,
            name=taken.participant_name,
            metadata=taken.participant_metadata,
            attributes=taken.participant_attributes,
        )
        assignment = agent.JobAssignment(job=job, token=token)
        await worker.send(agent.ServerMessage(assignment=assignment))
        self._log.say("job_assigned", identity, job.room.name, job=job.id, worker=worker.id)
        return Dispatch(job, worker, identity, self._log)

    def _simulate(self, worker: Worker, request: agent.SimulateJobRequest) -> None:
        job = new_job(request.room, agent_name=worker.agent_name)
        self.dispatch_unattended(job, to=worker)

    def _on_dispatched(self, dispatching: asyncio.Task[Dispatch]) -> None:
        self._unattended.discard(dispatching)
        if not dispatching.cancelled() and (error := dispatching.exception()) is not None:
            self._log.say("undispatched", why=str(error))


def new_job(room: models.Room, *, agent_name: str = "", metadata: str = "") -> agent.Job:
    """A job for an agent in a room."""
    return agent.Job(
        id=new_sid("AJ"),
        dispatch_id=new_sid("AD"),
        type=agent.JT_ROOM,
        room=room,
        agent_name=agent_name,
        metadata=metadata,
    )
