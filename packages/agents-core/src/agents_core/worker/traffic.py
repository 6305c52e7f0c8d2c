"""What goes to and fro over one connection, until it breaks or is given up."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NoReturn

from agents_core.worker.connection import Connection, ConnectionLost
from agents_core.worker.messages import FromServer, ToServer
from agents_core.worker.timings import Timings

_BACKLOG = 256
"""Messages to the server, beyond which it is not listened to until it has taken some."""


class Traffic:
    """Reads and writes one connection at the same time, and watches that the server is there."""

    def __init__(self, connection: Connection, timings: Timings) -> None:
        self._connection = connection
        self._timings = timings
        self._outgoing: deque[ToServer] = deque()
        self._to_write = asyncio.Event()
        self._room = asyncio.Event()
        self._given_up: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._heard = time.monotonic()

    def send(self, message: ToServer) -> None:
        """Have it written, after everything before it.

        The queue is bounded by its sources: answers by the reading, which pauses at a backlog;
        reports by the jobs that run here.
        """
        self._outgoing.append(message)
        self._to_write.set()

    def give_up(self, reason: str) -> None:
        """End this traffic, as if the connection had broken."""
        if not self._given_up.done():
            self._given_up.set_result(reason)

    async def run(self, hear: Callable[[FromServer], None], ping: Callable[[], None]) -> NoReturn:
        """Call `hear` for each message, and `ping` whenever it is time for one.

        Raises:
            ConnectionLost: always, in the end.
        """
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(hear), name="worker: read")
                group.create_task(self._write(), name="worker: write")
                group.create_task(self._watch(ping), name="worker: ping")
                group.create_task(self._wait_for_end(), name="worker: end of traffic")
        except BaseExceptionGroup as failures:
            # Not `except*`: Python 3.11.2 puts what is raised there into a group again.
            lost, others = failures.split(ConnectionLost)
            if others is not None or lost is None:
                raise
            raise lost.exceptions[0] from None
        raise AssertionError("no part of the traffic ends without an error")

    async def _read(self, hear: Callable[[FromServer], None]) -> NoReturn:
        while True:
            message = await self._connection.receive()
            self._heard = time.monotonic()
            hear(message)
            while len(self._outgoing) > _BACKLOG:
                self._room.clear()
                await self._room.wait()

    async def _write(self) -> NoReturn:
        while True:
            await self._to_write.wait()
            while self._outgoing:
                await self._connection.send(self._outgoing.popleft())
                self._room.set()
            self._to_write.clear()

    async def _watch(self, ping: Callable[[], None]) -> NoReturn:
        while True:
            ping()
            await asyncio.sleep(self._timings.ping)
            silent = time.monotonic() - self._heard
            if silent > self._timings.silence:
                raise ConnectionLost(f"the server has said nothing for {silent:.1f} s")

    async def _wait_for_end(self) -> NoReturn:
        raise ConnectionLost(await self._given_up)
