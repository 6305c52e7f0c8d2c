"""One socket of those that are shared: from its opening to its end, and who talks over it."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from agents_core.errors import APIConnectionError
from agents_core.http.mapping import malformed
from agents_core.http.socket import Socket

logger = logging.getLogger("agents_core.http")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same for every socket that follows another one."""

    connect: Callable[[float], AbstractAsyncContextManager[Socket]]
    provider: str
    name_of: Callable[[str | bytes], str | None]
    is_last: Callable[[str | bytes], bool] | None
    most: float
    idle: float
    longest: float


Mail: TypeAlias = asyncio.Queue[str | bytes | None]
"""Ends with None. Unbounded, since the reader must wait for nobody: who is slow would starve the
others. What piles up is the answer to what one conversation asked for, and goes when it leaves."""


class Line:
    """One socket, from its opening to its end, and those who talk over it."""

    def __init__(self, terms: Terms, timeout: float) -> None:
        self._terms = terms
        self.provider = terms.provider
        self._socket: Socket | None = None
        self._since = math.inf
        self._over = False
        self.error: Exception | None = None
        self._settled = asyncio.Event()
        self._mail: dict[str, Mail] = {}
        self._dismissed: set[str] = set()
        self._idling: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self.task = self._loop.create_task(
            self._live(timeout), name=f"shared socket to {terms.provider}"
        )

    @property
    def takes_more(self) -> bool:
        """Whether a conversation may begin on it: it goes on, and is neither old nor full."""
        young = self._loop.time() - self._since < self._terms.longest
        taken = len(self._mail.keys() | self._dismissed)
        return not self._over and young and taken < self._terms.most

    def join(self, name: str) -> Mail:
        """Begin to keep what is for `name`."""
        if name in self._mail:
            raise ValueError(f"there is a conversation {name!r} with {self.provider}")
        self._wake()
        mail = self._mail[name] = asyncio.Queue()
        return mail

    def leave(self, name: str) -> None:
        """Drop what is for `name`; the last one to leave has it closed, at once or later."""
        del self._mail[name]
        if self._mail:
            return
        if self._socket is None or not self.takes_more:
            self.close()
        else:
            self.rest()

    def rest(self) -> None:
        """Close it in a while, unless somebody joins; who is on it has it as before."""
        if not self._mail:
            self._wake()
            self._idling = self._loop.call_later(self._terms.idle, self.close)

    def dismiss(self, name: str) -> None:
        """Count `name` until its last message, where the vendor tells which one that is."""
        if self._terms.is_last is not None:
            self._dismissed.add(name)

    async def opened(self) -> Socket:
        """The socket, once it is open."""
        await self._settled.wait()
        self.check()
        assert self._socket is not None, "it is open, or over"  # noqa: S101 - for the type checker
        return self._socket

    def check(self) -> None:
        """Raise what ended it, if anything has."""
        if self._over:
            raise self.error or APIConnectionError(f"{self.provider} hung up")

    def close(self) -> None:
        """End it now; the task closes the socket."""
        self._finish(self._closed())
        self.task.cancel()

    async def _live(self, timeout: float) -> None:
        try:
            async with self._terms.connect(timeout) as socket:
                self._socket, self._since = socket, self._loop.time()
                self._settled.set()
                self._finish(await self._read(socket))
        except Exception as error:  # noqa: BLE001 - it is raised by all who are on the line
            self._finish(error)
        finally:
            self._finish(self._closed())

    async def _read(self, socket: Socket) -> Exception | None:
        """What ended it; caught here, so that nobody waits until the socket is closed."""
        try:
            async for message in socket:
                self._hand_on(message)
        except Exception as error:  # noqa: BLE001 - as above
            return error
        return None

    def _hand_on(self, message: str | bytes) -> None:
        with malformed(self.provider):
            name = self._terms.name_of(message)
            if name in self._dismissed and self._terms.is_last and self._terms.is_last(message):
                self._dismissed.discard(name)
        for owner, mail in self._mail.items():
            if name is None or name == owner:
                mail.put_nowait(message)

    def _wake(self) -> None:
        if self._idling is not None:
            self._idling.cancel()

    def _finish(self, error: Exception | None) -> None:
        if self._over:
            return
        logger.debug("the shared socket to %s ended: %s", self.provider, error)
        self._over, self.error = True, error
        self._settled.set()
        for mail in self._mail.values():
            mail.put_nowait(None)

    def _closed(self) -> APIConnectionError:
        message = f"the connection to {self.provider} was closed here"
        return APIConnectionError(message, retryable=False)
