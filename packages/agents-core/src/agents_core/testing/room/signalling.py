"""What a client asks for when it comes, and the welcome it gets."""

from __future__ import annotations

import base64
import gzip
import time
import zlib
from collections.abc import Iterable

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from agents_core.testing.room.members import Participant
from agents_core.testing.room.tokens import Refused

VERSION = "1.9.0"
"""Of the real server that this one stands in for, as it tells clients and workers."""

_PROTOCOL = 16
_PING_INTERVAL, _PING_TIMEOUT = 5, 15


def read_join(query: str) -> rtc.JoinRequest:
    """The request in a client's ``join_request`` parameter: base64, maybe gzip, protobuf.

    Raises:
        Refused: it is not one.
    """
    try:
        padded = query + "=" * (-len(query) % 4)
        wrapped = rtc.WrappedJoinRequest.FromString(base64.urlsafe_b64decode(padded))
        raw = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
            raw = gzip.decompress(raw)
        return rtc.JoinRequest.FromString(raw)
    except (ValueError, EOFError, OSError, zlib.error, DecodeError) as error:
        raise Refused(f"no join request: {type(error).__name__}", status=400) from None


def server_info() -> models.ServerInfo:
    """Who answers."""
    return models.ServerInfo(
        edition=models.ServerInfo.Standard,
        version=VERSION,
        protocol=_PROTOCOL,
        region="local",
        node_id="ND_stand_in",
    )


def welcome(
    room: models.Room, participant: Participant, others: Iterable[Participant]
) -> rtc.SignalResponse:
    """The first thing a client hears."""
    response = rtc.JoinResponse(
        room=room,
        participant=participant.info(),
        other_participants=[other.info() for other in others],
        server_version=VERSION,
        server_info=server_info(),
        subscriber_primary=False,
        ping_interval=_PING_INTERVAL,
        ping_timeout=_PING_TIMEOUT,
        enabled_publish_codecs=[
            models.Codec(mime="audio/opus"),
            models.Codec(mime="video/VP8"),
            models.Codec(mime="video/H264"),
        ],
    )
    return rtc.SignalResponse(join=response)


def start_over() -> rtc.SignalResponse:
    """The answer to a client that comes back to a session which is not kept: it joins anew."""
    leave = rtc.LeaveRequest(
        reason=models.STATE_MISMATCH, action=rtc.LeaveRequest.RECONNECT, can_reconnect=True
    )
    return rtc.SignalResponse(leave=leave)


def pong(ping: rtc.Ping) -> rtc.SignalResponse:
    """The answer to a ping."""
    now = int(time.time() * 1000)
    return rtc.SignalResponse(pong_resp=rtc.Pong(last_ping_timestamp=ping.timestamp, timestamp=now))


def track_info(request: rtc.AddTrackRequest, sid: str) -> models.TrackInfo:
    """A client's new track, as everybody will know it."""
    mime = "audio/opus" if request.type == models.AUDIO else "video/VP8"
    return models.TrackInfo(
        sid=sid,
        type=request.type,
        name=request.name,
        muted=request.muted,
        source=request.source,
        width=request.width,
        height=request.height,
        stream=request.stream,
        stereo=request.stereo,
        encryption=request.encryption,
        audio_features=request.audio_features,
        mime_type=mime,
    )
