"""Where clients, workers and administrators come in, with their tokens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from agents_core.testing.room.client import Client
from agents_core.testing.room.events import EventLog, News
from agents_core.testing.room.house import House
from agents_core.testing.room.line import Line
from agents_core.testing.room.members import participant_of
from agents_core.testing.room.rooms import new_sid
from agents_core.testing.room.signalling import read_join, start_over
from agents_core.testing.room.tokens import Keys, Refused
from agents_core.testing.room.workers import Workforce

Answer: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doors:
    """The server's addresses: ``/rtc/v1`` for clients, ``/agent`` for workers."""

    def __init__(self, keys: Keys, log: EventLog, house: House, workforce: Workforce) -> None:
        self._keys = keys
        self._log = log
        self._house = house
        self._workforce = workforce
        self._inside = 0
        self._gone = News()

    def app(self) -> web.Application:
        """What answers there."""
        app = web.Application()
        app.router.add_get("/rtc/v1", self.guard(self._serve_client))
        app.router.add_get("/rtc/v1/validate", self.guard(self._validate))
        app.router.add_get("/agent", self.guard(self._serve_worker))
        return app

    def guard(self, answer: Answer) -> Answer:
        """Turn a refusal into its status, and tell of it."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await answer(request)
            except Refused as refused:
                self._log.say("refused", status=refused.status, why=str(refused))
                return web.Response(status=refused.status, text=str(refused))

        return guarded

    async def wait_until_left(self, within: float) -> None:
        """Wait until no client is inside any more, or `within` seconds are over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._inside:
                    await self._gone.wait()

    async def _serve_client(self, request: web.Request) -> web.StreamResponse:
        claims = self._keys.admit(request.headers.get("Authorization", ""))
        join = read_join(request.query.get("join_request", ""))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if request.transport is None:  # gone already
            return socket
        if join.reconnect:
            await socket.send_bytes(start_over().SerializeToString())
            await socket.close()
            return socket
        participant = participant_of(claims, new_sid("PA"))
        participant.client_protocol = join.client_info.client_protocol
        participant.capabilities = tuple(join.client_info.capabilities)
        room = self._house.room(claims.video.room if claims.video else "")
        client = Client(participant, room, Line(socket, request.transport), self._log)
        self._inside += 1
        try:
            await client.stay(join)
        finally:
            self._inside -= 1
            self._gone.ring()
        return socket

    async def _serve_worker(self, request: web.Request) -> web.StreamResponse:
        self._keys.employ(request.headers.get("Authorization", ""))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._workforce.serve(socket)
        return socket

    async def _validate(self, request: web.Request) -> web.StreamResponse:
        self._keys.admit(request.headers.get("Authorization", ""))
        return web.Response(text="success")
