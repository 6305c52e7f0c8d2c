"""The connection under a realtime conversation: lost, made anew, and renewed in time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Protocol

from agents_core.errors import APIConnectionError, APIError
from agents_core.retry import APIConnectOptions, wait_before_retry
from agents_plugin_openai._wire.realtime_state import Send

if TYPE_CHECKING:
    from agents_core.http import Socket
    from agents_plugin_openai._realtime_client import RealtimeClient

_MOST_KEPT = 400
"""Messages, of 50 ms of sound or more, that are kept for the next connection."""

_WORKS = 1.0
"""Seconds after which a connection is one that works, and failures before it are forgotten."""


class Talker(Protocol):
    """Whoever has the conversation."""

    def opened(self, kept: tuple[Send, ...]) -> None:
        """A connection is there; send what it has to know, and what was kept for it."""

    def received(self, message: str | bytes) -> None:
        """The service said something."""

    def lost(self) -> None:
        """The connection is gone."""

    def failed(self, error: APIError, *, recoverable: bool) -> None:
        """The connection could not be made, or was lost; if `recoverable`, it is made anew."""


class Line:
    """Sends and receives for a `Talker`, over as many connections as it takes."""

    def __init__(
        self,
        client: RealtimeClient,
        talker: Talker,
        *,
        options: APIConnectOptions,
        longest: float | None,
    ) -> None:
        """Describe it.

        Args:
            client: makes connections.
            talker: whose conversation it is.
            options: when to try again.
            longest: seconds after which a connection is renewed; None for never.
        """
        self._client = client
        self._talker = talker
        self._options = options
        self._longest = longest
        self._waiting: deque[Send] = deque()
        self._more = asyncio.Event()
        self._quiet = asyncio.Event()
        self._socket: Socket | None = None
        self._owed = False
        self._online = False
        self._worked = False

    def send(self, told: Send) -> None:
        """Send it as soon as may be."""
        if not self._online and len(self._waiting) >= _MOST_KEPT:
            self._waiting.popleft()
        self._waiting.append(told)
        self._more.set()

    def watch(self, *, quiet: bool, owed: bool) -> None:
        """Know what the talker is at.

        Args:
            quiet: whether a new connection would lose nothing.
            owed: whether the service has to go on: then no silence is longer than the timeout.
        """
        if quiet:
            self._quiet.set()
        else:
            self._quiet.clear()
        self._owed = owed
        self._expect()

    async def live(self) -> None:
        """Hold the conversation until it cannot go on; the talker was told why.

        Raises:
            Exception: a defect of the talker.
        """
        failed = 0
        while True:
            try:
                await self._connect()
                failed = 0
            except APIError as error:
                failed = 1 if self._worked else failed + 1
                wait = wait_before_retry(
                    error, attempt=failed, options=self._options, answered=False
                )
                self._talker.failed(error, recoverable=wait is not None)
                if wait is None:
                    return
                await asyncio.sleep(wait)

    async def _connect(self) -> None:
        """One connection; it returns when that is old enough."""
        self._worked = False
        async with self._client.connect(timeout=self._options.timeout) as socket:
            kept = tuple(told for told in self._waiting if told.lasting)
            self._waiting.clear()
            self._online = True
            try:
                self._talker.opened(kept)
                await _first(self._send(socket), self._receive(socket), self._age())
            finally:
                self._online = False
                self._socket = None
                self._talker.lost()

    async def _send(self, socket: Socket) -> None:
        while True:
            while self._waiting:
                await socket.send(self._waiting[0].message)
                self._waiting.popleft()
            self._more.clear()
            await self._more.wait()

    async def _receive(self, socket: Socket) -> None:
        socket.expect()
        began = time.monotonic()
        async for message in socket:
            self._socket = socket
            self._expect()
            # One that is ended soon after its beginning would be made anew for ever.
            self._worked = time.monotonic() - began > max(_WORKS, self._options.retry_interval)
            self._talker.received(message)
        raise APIConnectionError("the service ended the conversation")

    def _expect(self) -> None:
        if self._socket is not None and self._owed:
            self._socket.expect()
        elif self._socket is not None:
            self._socket.rest()

    async def _age(self) -> None:
        if self._longest is None:
            await asyncio.Event().wait()
        await asyncio.sleep(self._longest or 0)
        await self._quiet.wait()


async def _first(*works: Coroutine[None, None, None]) -> None:
    """Do all until one is done; raise what it raises."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
