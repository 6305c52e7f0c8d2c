"""The workers that registered, and what they say of themselves and of their jobs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp import WSCloseCode, WSMsgType, web
from google.protobuf.message import DecodeError
from livekit.protocol import agent

from agents_core.testing.room.events import EventLog, News
from agents_core.testing.room.rooms import new_sid
from agents_core.testing.room.signalling import server_info

logger = logging.getLogger("agents_core.testing")


@dataclass(slots=True, kw_only=True, eq=False)
class Worker:
    """A process that registered, and how busy it says it is."""

    id: str
    agent_name: str
    type: agent.JobType
    socket: web.WebSocketResponse
    load: float = 0.0
    status: agent.WorkerStatus = agent.WS_AVAILABLE
    draining: bool = False
    answers: dict[str, asyncio.Future[agent.AvailabilityResponse]] = field(default_factory=dict)
    """By job: what it will say to an offer."""

    def can_take(self, job: agent.Job) -> bool:
        """Whether the worker is for such jobs, and has room for one."""
        free = self.status == agent.WS_AVAILABLE and not self.draining and not self.socket.closed
        return free and self.agent_name == job.agent_name and self.type == job.type

    def give_up(self) -> None:
        """Have nobody wait for its answers any more: it is gone."""
        for answer in self.answers.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError(f"{self.id} is gone"))

    async def send(self, message: agent.ServerMessage) -> None:
        """Say something to the worker.

        Raises:
            ConnectionError: it is gone.
        """
        await self.socket.send_bytes(message.SerializeToString())


Simulate: TypeAlias = Callable[[Worker, agent.SimulateJobRequest], object]
"""Gives a worker the job that it asked for itself."""


class Workforce:
    """Every worker there is, from its registration to the end of its websocket."""

    def __init__(self, log: EventLog, simulate: Simulate) -> None:
        self._log = log
        self._simulate = simulate
        self._workers: list[Worker] = []
        self.news = News()
        """Rung when a worker came, or told how busy it is."""

    def __len__(self) -> int:
        return len(self._workers)

    def least_loaded(self, job: agent.Job, but: Collection[str]) -> Worker | None:
        """The one for a job, of those that could take it and are not among `but`."""
        free = [one for one in self._workers if one.can_take(job) and one.id not in but]
        return min(free, key=lambda worker: worker.load, default=None)

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Hear one worker out."""
        worker: Worker | None = None
        code = int(WSCloseCode.ABNORMAL_CLOSURE)
        try:
            while (message := await socket.receive()).type is WSMsgType.BINARY:
                told = agent.WorkerMessage.FromString(message.data)
                if told.HasField("register"):
                    worker = await self._register(told.register, socket)
                elif worker is not None:
                    await self._hear(worker, told)
            if message.type is WSMsgType.CLOSE:
                code = int(message.data)
        except (DecodeError, ConnectionError) as error:
            logger.warning("a worker's connection ends: %s", type(error).__name__)
            await socket.close(code=WSCloseCode.INVALID_TEXT)
        finally:
            if worker is not None:
                self._workers.remove(worker)
                worker.give_up()
                self._log.say("worker_closed", worker=worker.id, code=code)

    async def aclose(self) -> None:
        """Close every worker's connection (1001: the server goes away)."""
        for worker in tuple(self._workers):
            await worker.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _register(
        self, request: agent.RegisterWorkerRequest, socket: web.WebSocketResponse
    ) -> Worker:
        worker = Worker(
            id=new_sid("AW"), agent_name=request.agent_name, type=request.type, socket=socket
        )
        answer = agent.RegisterWorkerResponse(worker_id=worker.id, server_info=server_info())
        await worker.send(agent.ServerMessage(register=answer))
        self._workers.append(worker)
        self._log.say(
            "worker_registered",
            worker=worker.id,
            agent_name=request.agent_name,
            type=agent.JobType.Name(request.type),
            version=request.version,
        )
        self.news.ring()
        return worker

    async def _hear(self, worker: Worker, told: agent.WorkerMessage) -> None:
        match told.WhichOneof("message"):
            case "availability":
                answer = worker.answers.get(told.availability.job_id)
                if answer is not None and not answer.done():
                    answer.set_result(told.availability)
            case "update_worker":
                self._update_worker(worker, told.update_worker)
            case "update_job":
                self._update_job(worker, told.update_job)
            case "ping":
                now = int(time.time() * 1000)
                pong = agent.WorkerPong(last_timestamp=told.ping.timestamp, timestamp=now)
                await worker.send(agent.ServerMessage(pong=pong))
            case "migrate_job":
                jobs = [*told.migrate_job.job_ids, *(job.id for job in told.migrate_job.jobs)]
                self._log.say("jobs_migrated", worker=worker.id, jobs=jobs)
            case "simulate_job":
                self._simulate(worker, told.simulate_job)
            case other:
                logger.debug("the stand-in server ignores %s of a worker", other)

    def _update_worker(self, worker: Worker, update: agent.UpdateWorkerStatus) -> None:
        # Proto3 presence: a worker that tells its load alone keeps its status.
        if update.HasField("status"):
            worker.status = update.status
        worker.load, worker.draining = update.load, update.draining
        self._log.say(
            "worker_status",
            worker=worker.id,
            status=agent.WorkerStatus.Name(worker.status),
            load=round(update.load, 3),
            jobs=update.job_count,
        )
        self.news.ring()

    def _update_job(self, worker: Worker, update: agent.UpdateJobStatus) -> None:
        status = agent.JobStatus.Name(update.status).removeprefix("JS_").lower()
        self._log.say(
            "job_status", worker=worker.id, job=update.job_id, status=status, error=update.error
        )
