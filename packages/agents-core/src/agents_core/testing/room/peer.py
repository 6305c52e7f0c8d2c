"""The server's end of one client's peer connection: media both ways, and data."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiortc import (
    InvalidStateError,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import SessionDescription, candidate_from_sdp
from av import AudioFrame, VideoFrame
from livekit.protocol import models, rtc

from agents_core.testing.room.tracks import Feed, Source

logger = logging.getLogger("agents_core.testing")

_RELIABLE, _LOSSY = "_reliable", "_lossy"
_CLOSING = 3.0
"""Seconds that a connection may take to close."""
_UNSENT = 1000
"""Packets kept for a client whose data channel is not open yet; then the oldest go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Whom a peer tells of what comes in."""

    track: Callable[[str, Source], object]
    """A track of the client, by its own name for it, and where its frames will come by."""
    ended: Callable[[str], object]
    """The client sends that track no more."""
    packet: Callable[[models.DataPacket, bool], object]
    """Data, and whether it came reliably."""
    state: Callable[[str], object]
    """What became of the connection: ``connected``, ``failed``, ``closed``, …"""


class Peer:
    """One connection, in which the client always offers and this end always answers.

    Every track for the client takes a section that the client has offered to receive in, and keeps
    it: sections are not used twice.
    """

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._connection = _Connection(RTCConfiguration(iceServers=[]))
        self._channels: dict[str, RTCDataChannel] = {}
        self._unsent: dict[str, deque[bytes]] = {
            label: deque(maxlen=_UNSENT) for label in (_RELIABLE, _LOSSY)
        }
        self._waiting: list[Feed] = []
        self._free = {"audio": 0, "video": 0}
        self._asked: dict[str, int] | None = None
        self._sent: dict[str, Feed] = {}
        self._published: dict[str, str] = {}
        self._pumps: set[asyncio.Task[None]] = set()
        self._connection.on("track", self._on_track)
        self._connection.on("datachannel", self._on_channel)
        self._connection.on(
            "connectionstatechange", lambda: hooks.state(self._connection.connectionState)
        )

    async def answer(self, offer: rtc.SessionDescription) -> rtc.SessionDescription | None:
        """The answer to a client's offer, with as many waiting tracks as have a section in it.

        None where the client has closed the connection meanwhile: it is about to leave.
        """
        try:
            return await self._agree(offer)
        except InvalidStateError as error:
            logger.debug("an offer is not answered: %s", error)
            return None

    async def add_candidate(self, init: str) -> None:
        """Take one of the client's network addresses, as its signalling tells it."""
        told = json.loads(init)
        line = told.get("candidate", "")
        if not line:
            return
        candidate = candidate_from_sdp(line.removeprefix("candidate:"))
        candidate.sdpMid, candidate.sdpMLineIndex = told["sdpMid"], told["sdpMLineIndex"]
        await self._connection.addIceCandidate(candidate)

    def want(self, feed: Feed) -> None:
        """Send a track, from the next offer on that has a section for it."""
        self._waiting.append(feed)

    def lacks(self) -> rtc.MediaSectionsRequirement | None:
        """What the client must be asked for, before its next offer, for tracks that wait.

        None where there is nothing to ask for, or nothing that was not asked for already.
        """
        if not self._waiting:
            return None
        asked = self._asked or {"audio": 0, "video": 0}
        lacking = {
            kind: max(0, sum(feed.kind == kind for feed in self._waiting) - free - asked[kind])
            for kind, free in self._free.items()
        }
        if self._asked is not None and not any(lacking.values()):
            return None
        self._asked = {kind: asked[kind] + lacking[kind] for kind in asked}
        return rtc.MediaSectionsRequirement(
            num_audios=lacking["audio"], num_videos=lacking["video"]
        )

    def drop(self, sid: str) -> None:
        """Send a track no more."""
        for feed in (*self._waiting, *self._sent.values()):
            if feed.sid == sid:
                feed.stop()
        self._waiting = [feed for feed in self._waiting if feed.sid != sid]

    def sends(self, sid: str) -> bool:
        """Whether that track is sent, or waits to be."""
        feeds = (*self._waiting, *self._sent.values())
        return any(feed.sid == sid and feed.readyState == "live" for feed in feeds)

    def send(self, packet: models.DataPacket, *, reliable: bool) -> None:
        """Send data; kept until the channel is open."""
        label = _RELIABLE if reliable else _LOSSY
        self._unsent[label].append(packet.SerializeToString())
        self._flush(label)

    async def close(self) -> None:
        """End the connection, and whatever belongs to it."""
        for feed in (*self._waiting, *self._sent.values()):
            feed.stop()
        try:
            async with asyncio.timeout(_CLOSING):
                await self._connection.close()
        except TimeoutError:
            logger.warning("a peer connection did not close in %s s", _CLOSING)
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _agree(self, offer: rtc.SessionDescription) -> rtc.SessionDescription:
        free, published = _sections(offer.sdp)
        over = [cid for mid, cid in self._published.items() if mid not in published]
        self._published = published
        await self._connection.setRemoteDescription(RTCSessionDescription(offer.sdp, offer.type))
        self._place(free)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        for cid in over:
            self._hooks.ended(cid)
        local = self._connection.localDescription
        tracks = {mid: feed.sid for mid, feed in self._sent.items() if feed.readyState == "live"}
        return rtc.SessionDescription(
            type=local.type, sdp=local.sdp, id=offer.id, mid_to_track_id=tracks
        )

    def _place(self, offered: dict[str, list[str]]) -> None:
        """Give waiting tracks the free sections, in order; an ended track's section goes quiet."""
        free = {
            kind: deque(mid for mid in mids if mid not in self._sent)
            for kind, mids in offered.items()
        }
        transceivers = {one.mid: one for one in self._connection.getTransceivers()}
        for feed in tuple(self._waiting):
            if free[feed.kind]:
                mid = free[feed.kind].popleft()
                transceivers[mid].sender.replaceTrack(feed)
                # No public way to say which participant a track belongs to.
                transceivers[mid].sender._stream_id = feed.stream  # noqa: SLF001
                transceivers[mid].direction = "sendonly"
                self._sent[mid] = feed
                self._waiting.remove(feed)
        for mid, feed in self._sent.items():
            if feed.readyState != "live":
                transceivers[mid].direction = "inactive"
        self._free = {kind: len(mids) for kind, mids in free.items()}
        self._asked = None

    def _on_track(self, track: MediaStreamTrack) -> None:
        transceivers = self._connection.getTransceivers()
        mid = next(one.mid for one in transceivers if one.receiver.track is track) or ""
        source = Source(track.kind)
        pump = asyncio.create_task(_pump(track, source), name=f"frames of section {mid}")
        self._pumps.add(pump)
        pump.add_done_callback(self._pumps.discard)
        self._hooks.track(self._published[mid], source)

    def _on_channel(self, channel: RTCDataChannel) -> None:
        self._channels[channel.label] = channel
        if channel.label in self._unsent:
            channel.on("message", lambda data: self._on_message(channel.label, data))
            channel.on("open", lambda: self._flush(channel.label))
            self._flush(channel.label)

    def _on_message(self, label: str, data: bytes | str) -> None:
        if isinstance(data, bytes):  # the protocol has no text messages
            self._hooks.packet(models.DataPacket.FromString(data), label == _RELIABLE)

    def _flush(self, label: str) -> None:
        channel = self._channels.get(label)
        while channel is not None and channel.readyState == "open" and self._unsent[label]:
            channel.send(self._unsent[label].popleft())


class _Connection(RTCPeerConnection):
    """One that says nothing when it is closed while it still connects.

    It connects in a task that nobody can get hold of; the error would only be found in a log.
    """

    async def _RTCPeerConnection__connect(self) -> None:  # noqa: N802 - a private name of the base
        try:
            await super()._RTCPeerConnection__connect()  # type: ignore[misc]
        except InvalidStateError:
            if self.connectionState != "closed":
                raise


def _sections(sdp: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The sections of an offer: those to receive in, by kind; those that send, with their track."""
    receiving: dict[str, list[str]] = {"audio": [], "video": []}
    sending: dict[str, str] = {}
    for section in SessionDescription.parse(sdp).media:
        mid = section.rtp.muxId
        if section.kind in receiving and section.direction == "recvonly":
            receiving[section.kind].append(mid)
        elif section.kind in receiving and section.direction in {"sendonly", "sendrecv"}:
            sending[mid] = (section.msid or mid).split()[-1]
    return receiving, sending


async def _pump(track: MediaStreamTrack, source: Source) -> None:
    """Hand on the frames of a client's track, until it ends."""
    try:
        while True:
            frame = await track.recv()
            if isinstance(frame, AudioFrame | VideoFrame):
                source.push(frame)
    except MediaStreamError:
        return
