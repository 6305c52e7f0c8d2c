"""The real SDK in a room, as the tests use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from livekit import rtc
from sounds import pieces

from agents_core.audio import AudioFrame, combine
from agents_core.testing.room import RoomServer


class Events:
    """What an SDK's room has emitted, and a place to wait for more."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._queues: dict[str, asyncio.Queue[tuple[Any, ...]]] = {}

    def watch(self, *names: str) -> Events:
        """Keep these events."""
        for name in names:
            queue = self._queues[name] = asyncio.Queue()
            self._room.on(name, lambda *given, queue=queue: queue.put_nowait(given))
        return self

    async def next(self, name: str, *, within: float = 10) -> tuple[Any, ...]:
        """The next event of that name, with what came with it."""
        async with asyncio.timeout(within):
            return await self._queues[name].get()

    def seen(self, name: str) -> int:
        """How many have come that nobody took."""
        return self._queues[name].qsize()


@contextlib.asynccontextmanager
async def joined(
    server: RoomServer, identity: str, room: str = "a room", *, auto_subscribe: bool = True
) -> AsyncIterator[rtc.Room]:
    """An SDK in a room, until the end of the block."""
    client = rtc.Room()
    options = rtc.RoomOptions(auto_subscribe=auto_subscribe)
    await client.connect(server.url, server.token(identity, room=room), options)
    try:
        yield client
    finally:
        await client.disconnect()


class Voice:
    """A published track of an SDK, that says what it is told."""

    def __init__(self, sample_rate: int = 24_000) -> None:
        self.source = rtc.AudioSource(sample_rate, 1)
        self.track = rtc.LocalAudioTrack.create_audio_track("voice", self.source)
        self.sid = ""

    async def publish(self, client: rtc.Room) -> Voice:
        """Publish it as a microphone."""
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        self.sid = (await client.local_participant.publish_track(self.track, options)).sid
        return self

    async def say(self, frame: AudioFrame) -> None:
        """Say it, in real time."""
        for part in pieces(frame):
            samples = part.samples_per_channel
            await self.source.capture_frame(rtc.AudioFrame(part.data, part.sample_rate, 1, samples))
        await self.source.wait_for_playout()


async def listen(track: rtc.RemoteAudioTrack, seconds: float) -> AudioFrame:
    """What an SDK hears of a track from its first loud frame on."""
    stream = rtc.AudioStream(track, sample_rate=48_000, num_channels=1)
    frames: list[AudioFrame] = []
    try:
        async for event in stream:
            heard = AudioFrame(bytes(event.frame.data), 48_000)
            if frames or max(heard.data) > 0:
                frames.append(heard)
            if sum(frame.duration for frame in frames) >= seconds:
                break
    finally:
        await stream.aclose()
    return combine(frames)
