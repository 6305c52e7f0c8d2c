"""One websocket to the server: opened, introduced, read, written and closed, each in its time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from agents_core.errors import AgentsError, WorkerError
from agents_core.jobs.credentials import Credentials
from agents_core.worker.credentials import (
    API_KEY,
    API_SECRET,
    URL,
    agent_url,
    bearer,
    shown,
)
from agents_core.worker.messages import FromServer, Register, Registered, ToServer, Unreadable
from agents_core.worker.timings import Timings
from agents_core.worker.wire import format_message, parse

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

_LARGEST_MESSAGE = 4 * 1024 * 1024
"""Bytes; a job with its metadata is some kilobytes. A larger message ends the connection."""
_REFUSALS = frozenset({401, 403})


class ConnectionLost(AgentsError):
    """There is no connection, or no more; the message says why."""


class Connection:
    """A registered worker's end of the websocket."""

    def __init__(self, socket: ClientWebSocketResponse, timings: Timings) -> None:
        self._socket = socket
        self._timings = timings

    @classmethod
    async def open(
        cls, session: ClientSession, credentials: Credentials, hello: Register, timings: Timings
    ) -> tuple[Self, Registered]:
        """Connect, and register as `hello` says.

        Raises:
            ConnectionLost: it did not work, this time.
            WorkerError: the server does not accept the credentials, and will not tomorrow.
        """
        connection = cls(await _connect(session, credentials, timings), timings)
        try:
            return connection, await connection._register(hello)
        except BaseException:
            await connection.close()
            raise

    async def receive(self) -> FromServer:
        """What the server says next.

        Raises:
            ConnectionLost: nothing any more.
        """
        from aiohttp import WSMsgType

        message = await self._socket.receive()
        match message.type:
            case WSMsgType.BINARY:
                return parse(message.data)
            case WSMsgType.TEXT:
                return Unreadable(problem=f"{len(message.data)} characters of text")
            case WSMsgType.ERROR:
                raise ConnectionLost(f"the websocket broke: {message.data!r}")
            case _:
                raise ConnectionLost(f"the server closed the websocket ({self._socket.close_code})")

    async def send(self, message: ToServer) -> None:
        """Tell the server.

        Raises:
            ConnectionLost: it is gone, or takes nothing for too long.
        """
        try:
            async with asyncio.timeout(self._timings.send):
                await self._socket.send_bytes(format_message(message))
        except TimeoutError:
            raise ConnectionLost("the server takes no messages") from None
        except (ConnectionError, RuntimeError) as error:  # aiohttp's word for "closed"
            raise ConnectionLost(f"the websocket is closed: {error}") from None

    async def close(self) -> None:
        """Say goodbye, without insisting on an answer."""
        try:
            async with asyncio.timeout(self._timings.close):
                await self._socket.close()
        except (TimeoutError, ConnectionError):
            return  # the session closes what is left

    async def _register(self, hello: Register) -> Registered:
        await self.send(hello)
        try:
            async with asyncio.timeout(self._timings.register):
                answer = await self.receive()
        except TimeoutError:
            raise ConnectionLost("the server did not answer the registration") from None
        if not isinstance(answer, Registered):
            problem = answer.problem if isinstance(answer, Unreadable) else type(answer).__name__
            raise ConnectionLost(f"the server answered the registration with {problem}")
        return answer


async def _connect(
    session: ClientSession, credentials: Credentials, timings: Timings
) -> ClientWebSocketResponse:
    import aiohttp

    url = agent_url(credentials.url)
    try:
        async with asyncio.timeout(timings.connect):
            return await session.ws_connect(
                url,
                headers={"Authorization": bearer(credentials)},
                max_msg_size=_LARGEST_MESSAGE,
                timeout=aiohttp.ClientWSTimeout(ws_close=timings.close),
            )
    except aiohttp.WSServerHandshakeError as error:
        # The error holds the request, and with it the token: nothing of it may travel on.
        raise _refusal(error.status, shown(url)) from None
    except TimeoutError:
        problem = f"nothing within {timings.connect:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    raise ConnectionLost(f"{shown(url)} cannot be reached: {problem}; see {URL}")


def _refusal(status: int, url: str) -> AgentsError:
    if status in _REFUSALS:
        return WorkerError(
            f"{url} refused the worker (status {status}): see {API_KEY} and {API_SECRET},"
            f" which have to be known to the server at {URL}"
        )
    return ConnectionLost(f"{url} is no place for workers (status {status}): see {URL}")
