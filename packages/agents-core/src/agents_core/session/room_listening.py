"""The user's voice from a room: whichever microphone track the participant has just now."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame, silence
from agents_core.session.flows import cancel_and_wait
from agents_core.session.io import AudioInput
from agents_core.session.room_options import RoomOptions

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("agents_core.session.room")

_FRAME_MS = 20
_BEHIND = 500
"""Frames that wait for a listener; beyond that the oldest go, as what is late is worth little."""
_PAUSE = 0.5
"""Seconds of silence when a track ends, so that who listens hears that nobody speaks any more."""


class RoomAudioInput(AudioInput):
    """Follows one participant's microphone: published, taken away, published anew."""

    def __init__(self, room: rtc.Room, options: RoomOptions) -> None:
        self._room = room
        self._options = options
        self._identity: str | None = None
        self._track_sid: str | None = None
        self._reading: asyncio.Task[None] | None = None
        self._stopped: set[asyncio.Task[None]] = set()
        self._frames: asyncio.Queue[AudioFrame | None] = asyncio.Queue()
        self._closed = False
        room.on("track_published", self._on_published)
        room.on("track_subscribed", self._on_track)
        room.on("track_unsubscribed", self._on_track_end)

    @property
    def track_sid(self) -> str | None:
        """The server's id of the track that is heard."""
        return self._track_sid

    def follow(self, identity: str | None) -> None:
        """Hear this participant from now on, and no other; None hears nobody."""
        if identity == self._identity:
            return
        self._stop()
        self._identity = identity
        participant = self._room.remote_participants.get(identity or "")
        if participant is None:
            return
        for publication in participant.track_publications.values():
            self._on_published(publication, participant)
            if publication.track is not None:
                self._on_track(publication.track, publication, participant)

    async def __anext__(self) -> AudioFrame:
        frame = await self._frames.get()
        if frame is None:
            self._frames.put_nowait(None)
            raise StopAsyncIteration
        return frame

    async def aclose(self) -> None:
        """Stop listening to the room; whoever iterates is at the end."""
        self._closed = True
        self._room.off("track_published", self._on_published)
        self._room.off("track_subscribed", self._on_track)
        self._room.off("track_unsubscribed", self._on_track_end)
        self._stop()
        self._frames.put_nowait(None)
        await cancel_and_wait(*self._stopped, within=1.0)

    def _on_published(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if self._is_wanted(publication, participant) and not publication.subscribed:
            publication.set_subscribed(True)  # the room may have been joined without subscribing

    def _is_wanted(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> bool:
        from livekit import rtc

        microphone = publication.source == rtc.TrackSource.SOURCE_MICROPHONE
        return microphone and participant.identity == self._identity and not self._closed

    def _on_track(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        if not self._is_wanted(publication, participant) or publication.sid == self._track_sid:
            return
        self._stop()
        self._track_sid = publication.sid
        self._reading = asyncio.create_task(self._read(track), name="user voice")

    def _on_track_end(
        self,
        _: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        if participant.identity == self._identity and publication.sid == self._track_sid:
            self._stop()

    def _stop(self) -> None:
        reading, self._reading, self._track_sid = self._reading, None, None
        if reading is None:
            return
        reading.cancel()
        self._stopped.add(reading)
        reading.add_done_callback(self._stopped.discard)
        self._put(silence(_PAUSE, sample_rate=self._options.sample_rate))

    async def _read(self, track: rtc.Track) -> None:
        from livekit import rtc

        stream = rtc.AudioStream(
            track,
            sample_rate=self._options.sample_rate,
            num_channels=1,
            frame_size_ms=_FRAME_MS,
            capacity=_BEHIND,
        )
        try:
            async for event in stream:
                heard = event.frame
                self._put(AudioFrame(bytes(heard.data), heard.sample_rate, heard.num_channels))
        finally:
            # A track that the server took away may have no native side left to close.
            with contextlib.suppress(Exception):
                await stream.aclose()

    def _put(self, frame: AudioFrame) -> None:
        while self._frames.qsize() >= _BEHIND:
            self._frames.get_nowait()
        self._frames.put_nowait(frame)
