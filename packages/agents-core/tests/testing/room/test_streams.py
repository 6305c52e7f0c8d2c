"""Streams, cut and put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models

from agents_core.testing.room.streams import (
    Assembly,
    Received,
    byte_packets,
    text_packets,
    user_packet,
)

TEXTS = st.text(max_size=50).flatmap(
    lambda text: st.integers(1, 500).map(lambda times: text * times)
)


def assembled(packets: list[models.DataPacket]) -> list[Received]:
    assembly = Assembly()
    return [one for one in map(assembly.add, packets) if one is not None]


@pytest.mark.property
@given(TEXTS)
def test_text_comes_out_as_it_went_in_and_every_piece_is_text(text: str) -> None:
    packets = list(text_packets(text, "t", {"a": "b"}))
    chunks = [one.stream_chunk.content for one in packets if one.HasField("stream_chunk")]

    [received] = assembled(packets)

    assert (received.kind, received.topic, received.text) == ("text", "t", text)
    assert received.attributes == {"a": "b"}
    assert "".join(chunk.decode() for chunk in chunks) == text
    assert all(0 < len(chunk) <= 15_000 for chunk in chunks)


@pytest.mark.property
@given(st.binary(max_size=200).flatmap(lambda data: st.integers(0, 400).map(lambda n: data * n)))
def test_bytes_come_out_as_they_went_in(data: bytes) -> None:
    [received] = assembled(list(byte_packets(data, "t", {}, "name")))

    assert (received.kind, received.payload) == ("bytes", data)


@pytest.mark.property
@given(st.data())
def test_streams_of_several_at_once_are_not_mixed_up(data: st.DataObject) -> None:
    streams = {name: list(text_packets(name * 9_000, "t", {})) for name in ("one", "two")}
    mixed = []
    while any(streams.values()):
        name = data.draw(st.sampled_from([name for name, rest in streams.items() if rest]))
        packet = streams[name].pop(0)
        packet.participant_identity = name
        mixed.append(packet)

    received = assembled(mixed)

    assert {one.identity: one.text for one in received} == {
        "one": "one" * 9_000,
        "two": "two" * 9_000,
    }


def test_a_stream_that_nobody_opened_is_nothing() -> None:
    packets = list(text_packets("hello", "t", {}))

    assert assembled(packets[1:]) == []


def test_data_in_one_packet_is_complete() -> None:
    packet = user_packet(b"data", "t", reliable=False)
    packet.participant_identity = "one"

    [received] = assembled([packet])

    assert (received.kind, received.payload, received.identity) == ("data", b"data", "one")
