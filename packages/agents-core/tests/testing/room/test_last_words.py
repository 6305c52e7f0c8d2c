"""What a client had sent before its connection broke."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_rooms import run

from agents_core.testing.room.last_words import LastWords

OPCODES = {"binary": 0x82, "close": 0x88}


def frame(kind: str, payload: bytes, mask: bytes = b"\x01\x02\x03\x04") -> bytes:
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return bytes([OPCODES[kind]]) + length_of(payload) + mask + masked


def length_of(payload: bytes) -> bytes:
    match len(payload):
        case length if length < 126:
            return bytes([0x80 | length])
        case length if length < 1 << 16:
            return struct.pack("!BH", 0x80 | 126, length)
        case length:
            return struct.pack("!BQ", 0x80 | 127, length)


def unread(data: bytes) -> tuple[tuple[str, bytes], ...]:
    """What is found where `data` was sent, the connection closed, and nobody had read."""
    found: list[tuple[tuple[str, bytes], ...]] = []

    async def scenario() -> None:
        ours, theirs = socket.socketpair()
        transport, _ = await asyncio.get_running_loop().create_connection(
            asyncio.Protocol, sock=ours
        )
        transport.pause_reading()
        last_words = LastWords(transport)
        theirs.sendall(data)
        theirs.close()
        transport.abort()
        await asyncio.sleep(0)  # the event loop closes its own descriptor
        found.append(last_words.read())
        last_words.close()

    run(scenario)
    return found[0]


@pytest.mark.property
@given(
    st.lists(st.tuples(st.sampled_from(["binary", "close"]), st.binary(max_size=125))),
    st.binary(min_size=4, max_size=4),
)
def test_every_whole_frame_is_found(frames: list[tuple[str, bytes]], mask: bytes) -> None:
    data = b"".join(frame(kind, payload, mask) for kind, payload in frames)

    assert unread(data) == tuple(frames)


@pytest.mark.property
@given(st.binary(max_size=60))
def test_whatever_was_sent_is_no_trouble(data: bytes) -> None:
    unread(data)


@pytest.mark.parametrize("length", [125, 126, 65_535, 65_536])
def test_what_comes_after_a_long_frame_is_found_too(length: int) -> None:
    """An offer, say, and then the leave."""
    frames = (("binary", bytes(length)), ("binary", b"leave"), ("close", b""))

    assert unread(b"".join(frame(kind, payload) for kind, payload in frames)) == frames


def test_a_frame_that_is_cut_short_ends_what_is_found() -> None:
    whole, cut = frame("binary", b"leave"), frame("close", struct.pack("!H", 1000))

    assert unread(whole + cut[:-1]) == (("binary", b"leave"),)
    assert unread(whole + cut) == (("binary", b"leave"), ("close", b"\x03\xe8"))
