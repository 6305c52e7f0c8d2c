"""An avatar as its service would run it: an SDK client that plays what an agent sends it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from livekit import rtc

from agents_core.avatar import AvatarSession, Invitation

_RATE = 24_000
_FRAME = _RATE // 50


class TalkingFace(AvatarSession):
    """Comes as soon as it is invited, and speaks for whoever sent the sound."""

    def __init__(self) -> None:
        super().__init__(identity="face", sample_rate=_RATE)
        self.told_to_stop = 0
        self.played: list[tuple[float, bool]] = []
        """Of each segment: seconds, and whether it was cut."""
        self.room = rtc.Room()
        self._sound = rtc.AudioSource(_RATE, 1, queue_size_ms=100)
        self._sight = rtc.VideoSource(64, 64)
        self._playing: asyncio.Task[None] | None = None

    async def _launch(self, invitation: Invitation) -> None:
        await self.room.connect(invitation.url, invitation.token)
        self.room.register_byte_stream_handler("lk.audio_stream", self._on_segment)
        local = self.room.local_participant
        local.register_rpc_method("lk.clear_buffer", self._clear)
        voice = rtc.LocalAudioTrack.create_audio_track("voice", self._sound)
        face = rtc.LocalVideoTrack.create_video_track("face", self._sight)
        await local.publish_track(voice, _options(rtc.TrackSource.SOURCE_MICROPHONE))
        await local.publish_track(face, _options(rtc.TrackSource.SOURCE_CAMERA))

    async def _dismiss(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.wait({self._playing})
        await self.room.disconnect()
        await self._sound.aclose()
        await self._sight.aclose()

    def _on_segment(self, reader: rtc.ByteStreamReader, identity: str) -> None:
        self._playing = asyncio.create_task(self._play(reader, identity), name="face")

    async def _play(self, reader: rtc.ByteStreamReader, identity: str) -> None:
        """In real time; tells how far it came, whatever ends it."""
        samples, rest = 0, b""
        interrupted = True
        try:
            async for chunk in reader:
                rest += chunk
                while len(rest) >= 2 * _FRAME:
                    piece, rest = rest[: 2 * _FRAME], rest[2 * _FRAME :]
                    await self._sound.capture_frame(rtc.AudioFrame(piece, _RATE, 1, _FRAME))
                    samples += _FRAME
            await self._sound.wait_for_playout()
            interrupted = False
        finally:
            queued = self._sound.queued_duration
            self._sound.clear_queue()
            await self._report(identity, max(0.0, samples / _RATE - queued), interrupted)

    async def _report(self, identity: str, position: float, interrupted: bool) -> None:
        self.played.append((position, interrupted))
        told = json.dumps({"playback_position": position, "interrupted": interrupted})
        await self.room.local_participant.perform_rpc(
            destination_identity=identity, method="lk.playback_finished", payload=told
        )

    async def _clear(self, _: rtc.RpcInvocationData) -> str:
        self.told_to_stop += 1
        if self._playing is not None:
            self._playing.cancel()
        return "ok"


def _options(source: Any) -> rtc.TrackPublishOptions:  # noqa: ANN401 - an enumeration of protobuf
    return rtc.TrackPublishOptions(source=source)
