"""An avatar as its service would run it: it plays in a room what an agent sends it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame
from agents_core.testing.tones import read

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("agents_plugins_test")

_AHEAD = 60
"""Milliseconds of sound that an avatar takes before they are heard."""
_PER_SECOND = 50
"""Frames."""
_SAMPLE = 2
"""Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One segment of an agent's voice, as the avatar told the agent of it."""

    text: str
    """What was spelled in the tones that came, heard or not."""
    position: float
    """Seconds that were heard."""
    interrupted: bool
    answer: str
    """Of the agent, when it was told; empty where it was not."""


class Avatar:
    """A client of the SDK, with a face, that plays in real time what an agent sends it.

    It leaves when the agent does that it speaks for.
    """

    def __init__(self, *, sample_rate: int) -> None:
        from livekit import rtc

        self.played: list[Played] = []
        """Segments, in order."""
        self.told_to_stop = 0
        self._rate = sample_rate
        self._room = rtc.Room()
        self._voice = rtc.AudioSource(sample_rate, 1, queue_size_ms=_AHEAD)
        self._face = rtc.VideoSource(64, 64)
        self._mouth = asyncio.Lock()
        self._segments: set[asyncio.Task[None]] = set()
        self._coming: asyncio.Task[None] | None = None
        self._going: asyncio.Task[None] | None = None

    @property
    def is_there(self) -> bool:
        """Whether it is in the room, and shows itself."""
        return self._coming is not None and self._coming.done() and self._room.isconnected()

    @property
    def identity(self) -> str:
        """In the room, once it is there."""
        return self._room.local_participant.identity

    def come(self, url: str, token: str) -> None:
        """Begin to come into the room; what goes wrong is logged."""
        self._coming = asyncio.create_task(self._enter(url, token), name="avatar comes")

    async def leave(self) -> None:
        """Leave the room; again is allowed."""
        if self._going is None:
            self._going = asyncio.create_task(self._go(), name="avatar leaves")
        await self._going

    async def _enter(self, url: str, token: str) -> None:
        try:
            await self._room.connect(url, token)
            self._listen(self._room.local_participant)
            await self._show(self._room.local_participant)
        except Exception:  # of many kinds; the conversation has no avatar then, and shows it
            logger.exception("the avatar cannot come")

    def _listen(self, local: rtc.LocalParticipant) -> None:
        agent = local.attributes["lk.publish_on_behalf"]
        self._room.register_byte_stream_handler("lk.audio_stream", self._on_segment)
        local.register_rpc_method("lk.clear_buffer", self._stop)

        def on_departure(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == agent and self._going is None:
                self._going = asyncio.create_task(self._go(), name="avatar leaves")

        self._room.on("participant_disconnected", on_departure)

    async def _show(self, local: rtc.LocalParticipant) -> None:
        from livekit import rtc

        voice = rtc.LocalAudioTrack.create_audio_track("voice", self._voice)
        face = rtc.LocalVideoTrack.create_video_track("face", self._face)
        microphone, camera = rtc.TrackSource.SOURCE_MICROPHONE, rtc.TrackSource.SOURCE_CAMERA
        await local.publish_track(voice, rtc.TrackPublishOptions(source=microphone))
        await local.publish_track(face, rtc.TrackPublishOptions(source=camera))

    async def _go(self) -> None:
        if self._coming is not None:  # cancelled, the SDK would leak sockets (rust-sdks#1340)
            await self._coming
        segments = tuple(self._segments)
        for task in segments:
            task.cancel()
        await asyncio.gather(*segments, return_exceptions=True)
        await self._room.disconnect()
        await self._voice.aclose()
        await self._face.aclose()

    def _on_segment(self, reader: rtc.ByteStreamReader, agent: str) -> None:
        task = asyncio.create_task(self._play(reader, agent), name="avatar speaks")
        self._segments.add(task)
        task.add_done_callback(self._segments.discard)

    async def _stop(self, _call: rtc.RpcInvocationData) -> str:
        self.told_to_stop += 1
        for task in self._segments:
            task.cancel()
        return "ok"

    async def _play(self, reader: rtc.ByteStreamReader, agent: str) -> None:
        """After the segments before it; tells how far it came, whatever ends it."""
        segment = _Segment(self._voice, self._rate)
        interrupted = True
        try:
            async with self._mouth:
                await segment.say(reader)
            interrupted = False
        finally:
            position = segment.hush()
            answer = await self._tell(agent, position, interrupted=interrupted)
            self.played.append(
                Played(text=segment.text, position=position, interrupted=interrupted, answer=answer)
            )

    async def _tell(self, agent: str, position: float, *, interrupted: bool) -> str:
        from livekit import rtc

        if self._going is not None:
            return ""
        report = {"playback_position": position, "interrupted": interrupted}
        try:
            return await self._room.local_participant.perform_rpc(
                destination_identity=agent,
                method="lk.playback_finished",
                payload=json.dumps(report),
            )
        except rtc.RpcError as error:  # it may be about to leave
            logger.warning("the agent %s does not take the report: %s", agent, error)
            return ""


class _Segment:
    """Sound on its way from a stream to a voice."""

    def __init__(self, voice: rtc.AudioSource, rate: int) -> None:
        self._voice = voice
        self._rate = rate
        self._sound = bytearray()
        self._said = 0

    @property
    def text(self) -> str:
        """What was spelled in the tones that came."""
        return "".join(each.text for each in read([AudioFrame(bytes(self._sound), self._rate)]))

    async def say(self, reader: rtc.ByteStreamReader) -> None:
        """Say all that comes, in real time; returns when it was heard."""
        frame = self._rate // _PER_SECOND * _SAMPLE
        async for chunk in reader:
            self._sound += chunk
            while len(self._sound) - self._said >= frame:
                await self._capture(frame)
        await self._capture(len(self._sound) - self._said)
        await self._voice.wait_for_playout()

    def hush(self) -> float:
        """Leave unsaid what is not heard yet; how many seconds were heard."""
        queued = self._voice.queued_duration
        self._voice.clear_queue()
        return max(0.0, self._said / _SAMPLE / self._rate - queued)

    async def _capture(self, size: int) -> None:
        from livekit import rtc

        if not size:
            return
        piece = bytes(self._sound[self._said : self._said + size])
        await self._voice.capture_frame(rtc.AudioFrame(piece, self._rate, 1, size // _SAMPLE))
        self._said += size
