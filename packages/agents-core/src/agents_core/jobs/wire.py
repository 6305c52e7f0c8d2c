"""How a message is spelled in bytes, and how a stream of bytes is cut back into messages."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import struct
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

from agents_core.errors import AgentsError
from agents_core.jobs import messages
from agents_core.jobs.messages import Message

MAX_FRAME = 4 * 1024 * 1024
"""Bytes of one message at most; the largest that a server sends, a job with its metadata, has
room in it several times over."""

_MAGIC = b"AJ"
_VERSION = 1
_HEADER = struct.Struct(">2sHI")
_KINDS: Mapping[str, type[Message]] = {
    kind.__name__: kind for kind in typing.get_args(messages.Message)
}


class ChannelError(AgentsError):
    """What came is not a message: garbage, cut off, too long, or of another version."""


def encode(message: Message) -> bytes:
    """One whole frame: magic, version and length, then the message as JSON in UTF-8.

    Raises:
        ChannelError: the message is longer than `MAX_FRAME`, or not made of what it says it is.
    """
    try:
        plain = {"type": type(message).__name__, **_to_plain(message)}
        body = json.dumps(plain, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ChannelError(f"a {type(message).__name__} that cannot be sent") from error
    if len(body) > MAX_FRAME:
        raise ChannelError(f"a {type(message).__name__} of {len(body)} bytes is too long to send")
    return _HEADER.pack(_MAGIC, _VERSION, len(body)) + body


def decode(body: bytes) -> Message:
    """The message of one frame, without its header; only ever makes values, never runs anything.

    Raises:
        ChannelError: it is none.
    """
    try:
        plain = json.loads(body.decode(), parse_constant=_refuse_constant)
        kind = _KINDS[plain.pop("type")]
        return typing.cast("Message", _from_plain(plain, kind))
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise ChannelError("a frame that holds no message") from error
    except RecursionError:
        # Its own traceback is as deep as what caused it.
        raise ChannelError("a frame that holds no message") from None


class Frames:
    """A stream of bytes, cut into messages as they arrive; keeps at most one unfinished frame."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` completes; every one that came before garbage is given first.

        Raises:
            ChannelError: what follows is not a frame. The stream is of no use from then on.
        """
        self._pending += data
        while (body := self._cut()) is not None:
            yield decode(body)

    def end(self) -> None:
        """Say that nothing will follow.

        Raises:
            ChannelError: the last frame was cut off.
        """
        if self._pending:
            raise ChannelError("the channel ended in the middle of a message")

    def _cut(self) -> bytes | None:
        if len(self._pending) < _HEADER.size:
            return None
        magic, version, length = _HEADER.unpack_from(self._pending)
        if magic != _MAGIC:
            raise ChannelError("what came over the channel is not a frame")
        if version != _VERSION:
            raise ChannelError(f"the other end speaks version {version}, this one {_VERSION}")
        if length > MAX_FRAME:
            raise ChannelError(f"a frame of {length} bytes is too long to accept")
        end = _HEADER.size + length
        if len(self._pending) < end:
            return None
        body = bytes(self._pending[_HEADER.size : end])
        del self._pending[:end]
        return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _to_plain(value: Any) -> Any:  # noqa: ANN401 - JSON is whatever the field's type makes it
    if dataclasses.is_dataclass(value):
        return {f.name: _to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [_to_plain(item) for item in value]
    return value


def _from_plain(plain: object, wanted: Any) -> Any:  # noqa: ANN401 - as above
    """`plain` as the type `wanted`, which is one of those that messages are made of."""
    if dataclasses.is_dataclass(wanted):
        return _to_value(plain, typing.cast("type", wanted))
    if isinstance(wanted, types.UnionType):
        return None if plain is None else _from_plain(plain, typing.get_args(wanted)[0])
    if typing.get_origin(wanted) is tuple:
        return _to_tuple(plain, typing.get_args(wanted))
    return _SCALARS[wanted](plain)


def _to_value(plain: object, kind: type) -> object:
    if not isinstance(plain, dict):
        raise TypeError(f"{kind.__name__} is not an object")
    hints = _hints(kind)
    if plain.keys() != hints.keys():
        raise ValueError(f"the fields of {kind.__name__} are others")
    return kind(**{name: _from_plain(plain[name], hint) for name, hint in hints.items()})


def _to_tuple(plain: object, items: tuple[Any, ...]) -> tuple[object, ...]:
    if not isinstance(plain, list):
        raise TypeError("not a list")
    if items[-1] is ...:
        items = items[:1] * len(plain)
    return tuple(_from_plain(item, hint) for item, hint in zip(plain, items, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _exactly(kind: type, *others: type) -> Callable[[Any], Any]:
    def check(plain: object) -> object:
        # Not isinstance: true is no number here.
        if type(plain) not in (kind, *others):
            raise TypeError(f"not of type {kind.__name__}")
        return kind(plain)

    return check


def _to_bytes(plain: object) -> bytes:
    if not isinstance(plain, str):
        raise TypeError("bytes come as a string")
    try:
        return base64.b64decode(plain, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


_SCALARS: Mapping[type, Callable[[Any], Any]] = {
    bool: _exactly(bool),
    bytes: _to_bytes,
    float: _exactly(float, int),
    int: _exactly(int),
    str: _exactly(str),
}
