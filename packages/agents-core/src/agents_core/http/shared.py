"""One websocket that many conversations share, where a vendor tells them apart by name."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager

from agents_core.errors import APIError
from agents_core.http.mapping import mapped_errors
from agents_core.http.shared_line import Line, Mail, Terms
from agents_core.http.socket import Socket

_FAREWELL = 0.5
"""Seconds to tell that nobody listens any more: closing a stream is at once."""


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
        is_last: Callable[[str | bytes], bool] | None = None,
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
            is_last: whether a message is the last one for its conversation, where the vendor tells:
                until then one that was dismissed counts to `most`, as it does at the vendor's.
            most: conversations on one socket at a time, where the vendor limits them; further ones
                open another.
            idle: seconds without a conversation after which the socket is closed.
            longest: seconds after which no conversation begins on it, where the vendor limits its
                life; those that are on it go on.
        """
        limits = most or math.inf, idle, longest or math.inf
        self._terms = Terms(connect, provider, name_of, is_last, *limits)
        self._lines: list[Line] = []

    def open(self, *, timeout: float) -> None:
        """Open it ahead of a conversation, within `timeout` seconds; returns at once.

        One that is open already is enough, and without an event loop there is none to be had.
        Nobody is told of a failure: the next conversation opens another. It is closed after `idle`
        seconds, if nobody uses it.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        self._usable(timeout).rest()

    @contextlib.asynccontextmanager
    async def conversation(self, name: str, *, timeout: float) -> AsyncIterator[Conversation]:
        """Talk over the socket under a name; leaving never closes it.

        What the vendor still says to a name that is gone is dropped: have it stop with `dismiss`,
        where it can be told. The block is inside `mapped_errors` too.

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
                yield Conversation(name, socket, line, mail, timeout=timeout)
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

    def _usable(self, timeout: float) -> Line:
        for line in self._lines:
            if line.takes_more:
                return line
        line = Line(self._terms, timeout)
        self._lines.append(line)
        line.task.add_done_callback(lambda _: self._lines.remove(line))
        return line


class Conversation(Socket):
    """Made by `SharedSocket.conversation`; as a `Socket` that nobody else uses.

    When the socket ends, this has the messages that came before, then the end or the error.
    """

    def __init__(
        self, name: str, socket: Socket, line: Line, mail: Mail, *, timeout: float
    ) -> None:
        inner = socket._inner  # noqa: SLF001 - of the same kind: it sends as the whole socket does
        super().__init__(inner, provider=line.provider, timeout=timeout)
        self._name = name
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

    async def dismiss(self, message: str | bytes | Mapping[str, object]) -> None:
        """Have the vendor stop, by `message`, before the conversation is left early.

        It takes half a second at most. Where it cannot be sent, the connection is gone, and the
        vendor knows.
        """
        self._line.dismiss(self._name)
        with contextlib.suppress(APIError, TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self.send(message)

    async def _next(self) -> str | bytes | None:
        message = await self._mail.get()
        if message is None:
            self._mail.put_nowait(None)  # whoever asks again is at the end, too
            if self._line.error is not None:
                raise self._line.error
        return message
