"""Workers and clients of the stand-in server that are nothing but a websocket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
from livekit.api import AccessToken, VideoGrants
from livekit.protocol import agent, rtc

from agents_core.testing.room import RoomProcess, RoomServer

LONGEST = 20.0
"""Seconds that one test may take."""


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test in an event loop of its own."""

    async def bounded() -> None:
        async with asyncio.timeout(LONGEST):
            await scenario()

    asyncio.run(bounded())


def authorization(token: str) -> dict[str, str]:
    """The header with a token."""
    return {"Authorization": f"Bearer {token}"}


def worker_token(server: RoomServer | RoomProcess) -> str:
    """What lets a worker register."""
    grants = VideoGrants(agent=True)
    return AccessToken(server.api_key, server.api_secret).with_grants(grants).to_jwt()


class RawWorker:
    """A worker that says what it is told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._heard: list[agent.ServerMessage] = []

    async def say(self, **message: Any) -> None:  # noqa: ANN401 - a field of any type
        """Send one message, by its field."""
        await self.socket.send_bytes(agent.WorkerMessage(**message).SerializeToString())

    async def hear(self, kind: str) -> Any:  # noqa: ANN401 - a message of that kind
        """The next message of that kind; those of others are kept."""
        while True:
            for message in self._heard:
                if message.HasField(kind):
                    self._heard.remove(message)
                    return getattr(message, kind)
            said = await self.socket.receive_bytes()
            self._heard.append(agent.ServerMessage.FromString(said))

    async def take(self, *, available: bool = True, **answer: str | bool) -> str:
        """Answer the next offer, and take the job if it is to; the job."""
        offered = (await self.hear("availability")).job.id
        response = agent.AvailabilityResponse(job_id=offered, available=available, **answer)
        await self.say(availability=response)
        return offered

    async def report(self, job: str, status: agent.JobStatus, error: str = "") -> None:
        """Tell how a job is."""
        await self.say(update_job=agent.UpdateJobStatus(job_id=job, status=status, error=error))


@contextlib.asynccontextmanager
async def registered(
    server: RoomServer | RoomProcess, *, agent_name: str = "", load: float = 0.0, full: bool = False
) -> AsyncIterator[RawWorker]:
    """A worker that the server knows, and how busy it is."""
    headers = authorization(worker_token(server))
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(f"{server.url}/agent") as socket,
    ):
        worker = RawWorker(socket)
        await worker.say(
            register=agent.RegisterWorkerRequest(type=agent.JT_ROOM, agent_name=agent_name)
        )
        await worker.hear("register")
        status = agent.WS_FULL if full else agent.WS_AVAILABLE
        await worker.say(update_worker=agent.UpdateWorkerStatus(load=load, status=status))
        await worker.say(ping=agent.WorkerPing())
        await worker.hear("pong")  # answered in order: the status is known
        yield worker


@contextlib.asynccontextmanager
async def seated(
    server: RoomServer, identity: str
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A client in a room that has no media: its websocket."""
    request = rtc.WrappedJoinRequest(join_request=rtc.JoinRequest().SerializeToString())
    query = {"join_request": base64.urlsafe_b64encode(request.SerializeToString()).decode()}
    headers = authorization(server.token(identity, room="a room"))
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(f"{server.url}/rtc/v1", params=query) as socket,
    ):
        yield socket
