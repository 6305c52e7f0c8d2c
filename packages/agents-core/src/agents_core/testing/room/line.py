"""A client's websocket: requests one way, responses the other, and how it came to its end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import WSCloseCode, WSMsgType, web
from livekit.protocol import rtc

from agents_core.testing.room.last_words import LastWords

_NO_STATUS = 1005
"""Stands for the code of a close frame that had none (RFC 6455, 7.1.5)."""
_FAREWELL = 2.0
"""Seconds that a client has to close its websocket after it took, or was given, its leave."""


class Line:
    """What a client asks for, in order; and what it is told, in order.

    Attributes:
        code: of the close frame that the client sent, once the requests are over; 1005 for a frame
            without one, and 1006 where there was no frame: the client just went away. The frame
            itself is what counts: a socket's own close code also turns abnormal where the client
            closed properly, and was gone before that could be answered.
    """

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self.code = int(WSCloseCode.ABNORMAL_CLOSURE)
        self._socket = socket
        self._transport = transport
        self._last_words = LastWords(transport)
        # Unbounded: what a room says is small, and a client that stalls must not stall the others.
        self._outbox: asyncio.Queue[rtc.SignalResponse] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write(), name="responses to a client")
        self._closing = False
        self._silent = False
        self._patience: asyncio.TimerHandle | None = None

    async def requests(self) -> AsyncIterator[rtc.SignalRequest]:
        """Everything that the client asks for, until its websocket is over."""
        while True:
            message = await self._socket.receive()
            if message.type is WSMsgType.BINARY:
                yield rtc.SignalRequest.FromString(message.data)
            elif message.type is WSMsgType.CLOSE:
                self.code = int(message.data) or _NO_STATUS
                return
            elif message.type is not WSMsgType.TEXT:
                break
        for kind, payload in self._last_words.read():
            if kind == "close":
                self.code = int.from_bytes(payload[:2]) or _NO_STATUS
            else:
                yield rtc.SignalRequest.FromString(payload)

    def tell(self, response: rtc.SignalResponse) -> None:
        """Send it, when all that was told before is sent."""
        if not self._closing:
            self._outbox.put_nowait(response)

    def expect_close(self, *, silent: bool) -> None:
        """Give the client time to close; it is cut off if it does not. Nothing more is told.

        What was told before is still sent, but for a client that said farewell itself (`silent`):
        it may be gone already, and writing to it would break the connection.
        """
        self._closing = True
        self._silent = self._silent or silent
        if self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(_FAREWELL, self.cut)

    def cut(self) -> None:
        """Let the connection fall, without a word."""
        self._transport.abort()

    async def aclose(self) -> None:
        """Let go of the websocket."""
        if self._patience is not None:
            self._patience.cancel()
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        self._last_words.close()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                response = await self._outbox.get()
                if self._silent:
                    return
                await self._socket.send_bytes(response.SerializeToString())
