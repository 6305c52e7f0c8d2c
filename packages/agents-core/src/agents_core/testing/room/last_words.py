"""What a client had sent before its connection broke, and the event loop never read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from socket import socket
from typing import Literal, TypeAlias

Frame: TypeAlias = tuple[Literal["binary", "close"], bytes]

_OPCODES: dict[int, Literal["binary", "close"]] = {0x2: "binary", 0x8: "close"}
_SHORT, _MASK = 125, 4


class LastWords:
    """A second descriptor of a connection, which outlives the first.

    A client that leaves writes its leave and its close frame, and is gone. Whatever the server
    still writes to it then fails, upon which the event loop closes the connection, with those
    frames unread in it: a client that left properly would look like one that was cut off.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._socket: socket = transport.get_extra_info("socket").dup()
        self._socket.settimeout(0)

    def read(self) -> tuple[Frame, ...]:
        """The frames that nobody has read; for when the connection is over."""
        rest = bytearray()
        try:
            while part := self._socket.recv(65536):
                rest += part
        except OSError:  # nothing more, or broken: what came before is what counts
            pass
        return tuple(_frames(bytes(rest)))

    def close(self) -> None:
        """Let go of the connection."""
        self._socket.close()


def _frames(data: bytes) -> Iterator[Frame]:
    """The whole frames of a client at the beginning of `data` (RFC 6455, 5.2); short ones alone."""
    while len(data) >= 2 + _MASK:
        length = data[1] & 0x7F
        end = 2 + _MASK + length
        if length > _SHORT or len(data) < end:
            return
        mask, payload = data[2 : 2 + _MASK], data[2 + _MASK : end]
        if (kind := _OPCODES.get(data[0] & 0x0F)) is not None:
            yield kind, bytes(byte ^ mask[at % _MASK] for at, byte in enumerate(payload))
        data = data[end:]
