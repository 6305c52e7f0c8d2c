"""What a client asks for when it comes."""

from __future__ import annotations

import base64
import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models, rtc

from agents_core.testing.room.signalling import read_join, track_info
from agents_core.testing.room.tokens import Refused

REQUEST = rtc.JoinRequest(
    client_info=models.ClientInfo(version="1"),
    connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
)


def query(raw: bytes, compression: rtc.WrappedJoinRequest.Compression) -> str:
    wrapped = rtc.WrappedJoinRequest(join_request=raw, compression=compression)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")


def test_a_request_is_read_as_it_is_or_compressed() -> None:
    raw = REQUEST.SerializeToString()

    assert read_join(query(raw, rtc.WrappedJoinRequest.NONE)) == REQUEST
    assert read_join(query(gzip.compress(raw), rtc.WrappedJoinRequest.GZIP)) == REQUEST


@pytest.mark.property
@given(st.binary(max_size=100), st.sampled_from(rtc.WrappedJoinRequest.Compression.values()))
def test_whatever_else_comes_is_refused_or_read(raw: bytes, compression: int) -> None:
    with contextlib.suppress(Refused):
        read_join(query(raw, compression))


@pytest.mark.property
@given(st.text(max_size=50))
def test_whatever_text_comes_is_refused_or_read(text: str) -> None:
    with contextlib.suppress(Refused):
        read_join(text)


def test_a_truncated_request_is_refused() -> None:
    compressed = gzip.compress(REQUEST.SerializeToString())[:-9]

    with pytest.raises(Refused, match="EOFError") as refused:
        read_join(query(compressed, rtc.WrappedJoinRequest.GZIP))
    assert refused.value.status == 400


def test_a_track_is_announced_as_its_publisher_named_it() -> None:
    asked = rtc.AddTrackRequest(
        cid="c", name="face", type=models.VIDEO, source=models.CAMERA, width=64, height=48
    )

    info = track_info(asked, "TR_1")

    assert (info.sid, info.name, info.width, info.height) == ("TR_1", "face", 64, 48)
    assert (info.source, info.mime_type) == (models.CAMERA, "video/VP8")
