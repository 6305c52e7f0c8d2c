"""Text and bytes of any length, cut into packets and put together again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from livekit.protocol import models

Kind: TypeAlias = Literal["data", "text", "bytes"]

_CHUNK = 15_000
"""Bytes of a stream in one packet; what the SDKs send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Something that came over the data channel, complete."""

    kind: Kind
    topic: str
    payload: bytes
    identity: str
    """Of the sender."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)
    """Seconds of `time.monotonic`, when the last of it came."""

    @property
    def text(self) -> str:
        """The payload as text."""
        return self.payload.decode()


@dataclass(slots=True, kw_only=True)
class _Opened:
    header: models.DataStream.Header
    identity: str
    chunks: list[bytes] = field(default_factory=list)


class Assembly:
    """Streams that have begun and are not complete."""

    def __init__(self) -> None:
        self._opened: dict[tuple[str, str], _Opened] = {}

    def add(self, packet: models.DataPacket) -> Received | None:
        """Take the next packet; what it completed, if anything."""
        identity = packet.participant_identity
        complete: Received | None = None
        match packet.WhichOneof("value"):
            case "user":
                complete = Received(
                    kind="data",
                    topic=packet.user.topic,
                    payload=packet.user.payload,
                    identity=identity,
                )
            case "stream_header":
                header = packet.stream_header
                self._opened[identity, header.stream_id] = _Opened(header=header, identity=identity)
            case "stream_chunk":
                opened = self._opened.get((identity, packet.stream_chunk.stream_id))
                if opened is not None:
                    opened.chunks.append(packet.stream_chunk.content)
            case "stream_trailer":
                opened = self._opened.pop((identity, packet.stream_trailer.stream_id), None)
                complete = _complete(opened, packet.stream_trailer) if opened else None
            case _:
                pass  # not a stream's
        return complete


def user_packet(payload: bytes, topic: str, *, reliable: bool) -> models.DataPacket:
    """Data that fits into one packet."""
    kind = models.DataPacket.RELIABLE if reliable else models.DataPacket.LOSSY
    return models.DataPacket(kind=kind, user=models.UserPacket(payload=payload, topic=topic))


def text_packets(
    text: str, topic: str, attributes: Mapping[str, str]
) -> Iterator[models.DataPacket]:
    """A text stream."""
    header = _header(topic, attributes, "text/plain", len(text.encode()))
    header.text_header.SetInParent()
    return _packets(header, list(_whole_characters(text)))


def byte_packets(
    data: bytes, topic: str, attributes: Mapping[str, str], name: str
) -> Iterator[models.DataPacket]:
    """A byte stream."""
    header = _header(topic, attributes, "application/octet-stream", len(data))
    header.byte_header.name = name
    return _packets(header, [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)])


def _header(
    topic: str, attributes: Mapping[str, str], mime_type: str, length: int
) -> models.DataStream.Header:
    return models.DataStream.Header(
        stream_id=secrets.token_hex(8),
        timestamp=int(time.time() * 1000),
        topic=topic,
        mime_type=mime_type,
        total_length=length,
        attributes=attributes,
    )


def _packets(header: models.DataStream.Header, chunks: list[bytes]) -> Iterator[models.DataPacket]:
    stream = header.stream_id
    yield models.DataPacket(stream_header=header)
    for index, content in enumerate(chunks):
        chunk = models.DataStream.Chunk(stream_id=stream, chunk_index=index, content=content)
        yield models.DataPacket(stream_chunk=chunk)
    yield models.DataPacket(stream_trailer=models.DataStream.Trailer(stream_id=stream))


def _whole_characters(text: str) -> Iterator[bytes]:
    """Pieces of UTF-8 that can each be decoded alone: four bytes a character at most."""
    step = _CHUNK // 4
    for at in range(0, len(text), step):
        yield text[at : at + step].encode()


def _complete(opened: _Opened, trailer: models.DataStream.Trailer) -> Received:
    header = opened.header
    return Received(
        kind="text" if header.WhichOneof("content_header") == "text_header" else "bytes",
        topic=header.topic,
        payload=b"".join(opened.chunks),
        identity=opened.identity,
        attributes={**header.attributes, **trailer.attributes},
    )
