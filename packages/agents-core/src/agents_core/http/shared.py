"""One websocket that many conversations share, where a vendor tells them apart by name."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from agents_core.errors import APIConnectionError
from agents_core.http.mapping import malformed, mapped_errors
from agents_core.http.socket import Socket

logger = logging.getLogger("agents_core.http")


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is the same for every socket that follows another one."""

    connect: Callable[[float], AbstractAsyncContextManager[Socket]]
    provider: str
    name_of: Callable[[str | bytes], str | None]
    most: float
    idle: float
    longest: float


class SharedSocket:
    """Opens a websocket at the first conversation, and keeps it for those that follow.

    When it ends, so does every conversation over it, and the next one opens another. Make it
    anywhere; use it in one event loop.
    """

    def __init__(  # noqa: PLR0913 - what vendors limit, by name
        self,
        connect: Callable[[float], AbstractAsyncContextManager[Socket]],
        *,
        provider: str,
        name_of: Callable[[str | bytes], str | None],
        most: int | None = None,
        idle: float = 60.0,
        longest: float | None = None,
    ) -> None:
        """Describe it; nothing is opened yet.

        Args:
            connect: opens a socket within so many seconds, as `HttpClient.connect` does.
            provider: who answers, for messages.
            name_of: the conversation that a message is for; None where it is for all of them. What
                it cannot read ends the socket, as `malformed`: nobody knows whose it was.
            most: conversations on one socket at a time, where the vendor limits them; further ones
                open another.
            idle: seconds without a conversation after which the socket is closed.
            longest: seconds after which no conversation begins on it, where the vendor limits its
                life; those that are on it go on.
        """
        terms = connect, provider, name_of, most or math.inf, idle, longest or math.inf
        self._terms = _Terms(*terms)
        self._lines: list[_Line] = []

    @contextlib.asynccontextmanager
    async def conversation(self, name: str, *, timeout: float) -> AsyncIterator[Conversation]:
        """Talk over the socket under a name; leaving never closes it.

        What the vendor still says to a name that is gone is dropped: tell it to stop, where it can
        be told. The block is inside `mapped_errors` too.

        Args:
            name: by which the vendor knows it; unlike that of any other.
            timeout: seconds for the connection, for each message that is sent, and for what
                `Socket.expect` expects of this conversation.

        Raises:
            APIError: whatever went wrong.
            ValueError: there is a conversation of that name.
        """
        with mapped_errors(self._terms.provider):
            line = self._usable(timeout)
            mail = line.join(name)
            try:
                async with asyncio.timeout(timeout):
                    socket = await line.opened()
                yield Conversation(socket, line, mail, timeout=timeout)
            finally:
                line.leave(name)

    async def aclose(self) -> None:
        """Close the socket; again is allowed.

        Conversations over it fail as if the connection was lost, but for good: a further try would
        open another socket. So does the next conversation, as with `HttpClient`.
        """
        lines = tuple(self._lines)
        for line in lines:
            line.close()
        if lines:
            await asyncio.wait({line.task for line in lines})

    def _usable(self, timeout: float) -> _Line:
        for line in self._lines:
            if line.takes_more:
                return line
        line = _Line(self._terms, timeout)
        self._lines.append(line)
        line.task.add_done_callback(lambda _: self._lines.remove(line))
        return line


class Conversation(Socket):
    """Made by `SharedSocket.conversation`; as a `Socket` that nobody else uses.

    When the socket ends, this has the messages that came before, then the end or the error.
    """

    def __init__(self, socket: Socket, line: _Line, mail: _Mail, *, timeout: float) -> None:
        inner = socket._inner  # noqa: SLF001 - of the same kind: it sends as the whole socket does
        super().__init__(inner, provider=line.provider, timeout=timeout)
        self._line = line
        self._mail = mail

    async def send(self, message: str | bytes | Mapping[str, object]) -> None:
        """Send text, bytes, or a mapping as JSON.

        Raises:
            APIError: what ended the socket, where that is known.
            APIConnectionError: the connection is gone, or does not take it in time.
        """
        self._line.check()
        await super().send(message)

    async def _next(self) -> str | bytes | None:
        message = await self._mail.get()
        if message is None:
            self._mail.put_nowait(None)  # whoever asks again is at the end, too
            if self._line.error is not None:
                raise self._line.error
        return message


_Mail: TypeAlias = asyncio.Queue[str | bytes | None]
"""Ends with None. Unbounded, since the reader must wait for nobody: who is slow would starve the
others. What piles up is the answer to what one conversation asked for, and goes when it leaves."""


class _Line:
    """One socket, from its opening to its end, and those who talk over it."""

    def __init__(self, terms: _Terms, timeout: float) -> None:
        self._terms = terms
        self.provider = terms.provider
        self._socket: Socket | None = None
        self._since = math.inf
        self._over = False
        self.error: Exception | None = None
        self._settled = asyncio.Event()
        self._mail: dict[str, _Mail] = {}
        self._idling: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self.task = self._loop.create_task(
            self._live(timeout), name=f"shared socket to {terms.provider}"
        )

    @property
    def takes_more(self) -> bool:
        """Whether a conversation may begin on it: it goes on, and is neither old nor full."""
        young = self._loop.time() - self._since < self._terms.longest
        return not self._over and young and len(self._mail) < self._terms.most

    def join(self, name: str) -> _Mail:
        """Begin to keep what is for `name`."""
        if name in self._mail:
            raise ValueError(f"there is a conversation {name!r} with {self.provider}")
        if self._idling is not None:
            self._idling.cancel()
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
            self._idling = self._loop.call_later(self._terms.idle, self.close)

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
        for owner, mail in self._mail.items():
            if name is None or name == owner:
                mail.put_nowait(message)

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
