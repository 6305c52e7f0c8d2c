"""A server of workers that does what a test tells it to, sensible or not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import WSMsgType, web
from livekit.protocol import agent, models

API_KEY = "devkey"
API_SECRET = "a secret that is long enough for a token"  # noqa: S105 - of this server alone


class Line:
    """The server's end of one worker's websocket."""

    def __init__(self, socket: web.WebSocketResponse, headers: dict[str, str]) -> None:
        self.socket = socket
        self.headers = headers
        self.heard: list[agent.WorkerMessage] = []

    async def say(self, **message: object) -> None:
        """Send a message of the protocol."""
        await self.socket.send_bytes(agent.ServerMessage(**message).SerializeToString())

    async def hear(self, kind: str, *, within: float = 10) -> agent.WorkerMessage:
        """The next message of that kind; whatever comes before it is kept in `heard`."""
        async with asyncio.timeout(within):
            while True:
                received = await self.socket.receive()
                if received.type is not WSMsgType.BINARY:
                    raise ConnectionError(f"the worker has gone: {received}")
                message = agent.WorkerMessage.FromString(received.data)
                self.heard.append(message)
                if message.HasField(kind):
                    return message

    async def register(self, worker_id: str = "AW_1") -> agent.RegisterWorkerRequest:
        """Let the worker in."""
        request = (await self.hear("register")).register
        await self.say(register=agent.RegisterWorkerResponse(worker_id=worker_id))
        return request

    async def offer(self, job_id: str) -> None:
        """Ask whether the worker takes a job."""
        await self.say(availability=agent.AvailabilityRequest(job=job_of(job_id)))

    async def assign(self, job_id: str) -> None:
        """Give the worker a job."""
        await self.say(assignment=agent.JobAssignment(job=job_of(job_id), token="t"))  # noqa: S106 - none

    async def listen(self) -> None:
        """Answer pings, and keep what is heard, until the worker goes."""
        with contextlib.suppress(ConnectionError):
            while True:
                ping = (await self.hear("ping", within=60)).ping
                await self.say(pong=agent.WorkerPong(last_timestamp=ping.timestamp))


Script = Callable[[Line], Awaitable[object]]


class ScriptedServer:
    """Plays one script after the other, the last one for every further connection."""

    def __init__(self, *scripts: Script | int) -> None:
        """A number in the place of a script is a status with which the connection is refused."""
        self.scripts = scripts
        self.connections = 0
        self.problems: list[BaseException] = []
        self.lines: list[Line] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/agent", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"ws://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        script = self.scripts[min(self.connections, len(self.scripts) - 1)]
        self.connections += 1
        if isinstance(script, int):
            return web.Response(status=script)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(socket, dict(request.headers))
        self.lines.append(line)
        try:
            await script(line)
        except Exception as problem:  # noqa: BLE001 - it is told by the test
            self.problems.append(problem)
        finally:
            await socket.close()
        return socket


def job_of(job_id: str) -> agent.Job:
    """A job for a room of its own."""
    return agent.Job(id=job_id, room=models.Room(name=f"room of {job_id}"))
