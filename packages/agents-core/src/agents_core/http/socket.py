"""A websocket to a vendor, which fails as the error tree says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError, APIError, APIStatusError
from agents_core.http.mapping import hidden, mapped_errors

if TYPE_CHECKING:
    import aiohttp

_GOODBYES = frozenset({1000, 1001, 1005})
"""Close codes of RFC 6455 after which nothing is missing; 1005 is a frame without a code."""
_FINAL = frozenset({1003, 1007, 1008, 1009, 1010})
"""Those that mean "not this" rather than "not now"."""


class Socket:
    """Made by `HttpClient.connect`; iterate over the messages, from one task at a time."""

    def __init__(
        self,
        inner: aiohttp.ClientWebSocketResponse,
        *,
        provider: str,
        timeout: float,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self._inner = inner
        self._provider = provider
        self._timeout = timeout
        self._secrets = secrets
        self._expecting = False
        self._limit: asyncio.Timeout | None = None

    def expect(self) -> None:
        """From now on, no silence of the vendor is longer than the timeout.

        Call it once something was asked. The time in which nobody receives does not count.
        """
        self._expecting = True
        if self._limit is not None and self._limit.when() is None:
            self._limit.reschedule(asyncio.get_running_loop().time() + self._timeout)

    def rest(self) -> None:
        """The vendor owes nothing: it may be silent for as long as it likes."""
        self._expecting = False
        if self._limit is not None:
            self._limit.reschedule(None)

    async def send(self, message: str | bytes | Mapping[str, object]) -> None:
        """Send text, bytes, or a mapping as JSON.

        Raises:
            APIConnectionError: the connection is gone, or does not take it in time.
        """
        with mapped_errors(self._provider):
            async with asyncio.timeout(self._timeout):
                if isinstance(message, bytes):
                    await self._inner.send_bytes(message)
                elif isinstance(message, str):
                    await self._inner.send_str(message)
                else:
                    await self._inner.send_str(json.dumps(message))

    async def receive(self) -> str | bytes | None:
        """The next message; None once the vendor has said goodbye.

        Raises:
            APIStatusError: the vendor closed with a code that is an error, the status.
            APIConnectionError: the connection went away without a word.
            APITimeoutError: a message was expected, and none came in time.
        """
        with mapped_errors(self._provider):
            seconds = self._timeout if self._expecting else None
            try:
                async with asyncio.timeout(seconds) as self._limit:
                    return await self._next()
            finally:
                self._limit = None

    def __aiter__(self) -> Socket:
        return self

    async def __anext__(self) -> str | bytes:
        message = await self.receive()
        if message is None:
            raise StopAsyncIteration
        return message

    async def _next(self) -> str | bytes | None:
        import aiohttp

        message = await self._inner.receive()
        match message.type:
            case aiohttp.WSMsgType.TEXT | aiohttp.WSMsgType.BINARY:
                data: str | bytes = message.data
                return data
            case aiohttp.WSMsgType.CLOSE:
                self._check_goodbye(message.data, message.extra)
                return None
            case aiohttp.WSMsgType.ERROR if isinstance(message.data, aiohttp.WebSocketError):
                raise APIError(f"{self._provider}: a message is malformed: {message.data}")
        # Without a close frame: aiohttp calls its code 1000 all the same.
        raise APIConnectionError(f"the connection to {self._provider} broke")

    def _check_goodbye(self, code: int | None, reason: str | None) -> None:
        if code is None or code in _GOODBYES:
            return
        raise APIStatusError(
            f"{self._provider} closed the connection",
            status_code=code,
            body=None if reason is None else hidden(reason, self._secrets),
            retryable=code not in _FINAL,
        )
