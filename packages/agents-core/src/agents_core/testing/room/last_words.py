"""What a client had sent before its connection broke, and the event loop never read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from socket import socket
from typing import Literal, TypeAlias

Frame: TypeAlias = tuple[Literal["binary", "close"], bytes]

_OPCODES: dict[int, Literal["binary", "close"]] = {0x2: "binary", 0x8: "close"}
_HEAD, _MASK = 2, 4
_EXTENDED = {126: 2, 127: 8}
"""Bytes that tell the length where it takes more than the seven bits."""


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
    """The whole frames of a client at the beginning of `data` (RFC 6455, 5.2)."""
    while len(data) >= _HEAD:
        start, length = _measure(data)
        end = start + length
        if len(data) < end:
            return
        mask, payload = data[start - _MASK : start], data[start:end]
        if (kind := _OPCODES.get(data[0] & 0x0F)) is not None:
            yield kind, bytes(byte ^ mask[at % _MASK] for at, byte in enumerate(payload))
        data = data[end:]


def _measure(data: bytes) -> tuple[int, int]:
    """Where the first frame's payload begins, and how long it is."""
    length = data[1] & 0x7F
    extended = _EXTENDED.get(length, 0)
    if extended:
        length = int.from_bytes(data[_HEAD : _HEAD + extended])
    return _HEAD + extended + _MASK, length
