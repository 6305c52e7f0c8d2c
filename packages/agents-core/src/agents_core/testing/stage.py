"""A room with an agent in it, and an avatar that a script plays."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from agents_core.audio import AudioFrame

ROOM = "stage"
AGENT = "agent"
HOST = {
    "livekit_url": "ws://127.0.0.1:9",
    "livekit_api_key": "conformance",
    "livekit_api_secret": "conformance-9b1f7a-secret-of-the-server",
}
"""What a session request is made with where nobody really joins."""


def empty_room() -> Any:  # noqa: ANN401 - looks like the SDK's room, as far as an invitation goes
    """A room that nobody connects to."""
    return SimpleNamespace(name=ROOM, local_participant=SimpleNamespace(identity=AGENT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A connected room, and what is needed to invite somebody into it."""

    room: Any
    """The SDK's, in which the agent is."""
    host: dict[str, str]
    """Where an avatar is invited to."""
    server: Any

    @contextlib.asynccontextmanager
    async def face(self, identity: str) -> AsyncIterator[Face]:
        """The avatar comes, and shows itself."""
        from livekit.protocol import models

        from agents_core.testing.room.members import Publication

        async with await self.server.join(ROOM, identity, microphone=False) as caller:
            track = models.TrackInfo(sid="TR_face", type=models.VIDEO, name="face")
            self.server.room(ROOM).publish(caller.participant, Publication(info=track))
            yield Face(caller)


class Face:
    """What an avatar does at its end."""

    def __init__(self, caller: Any) -> None:  # noqa: ANN401 - of an extra that may be missing
        self._caller = caller
        self.told_to_stop = asyncio.Event()
        caller.register_rpc_method("lk.clear_buffer", self._stop)

    async def hear(self, *, within: float) -> AudioFrame:
        """The next segment, as a whole."""
        received = await self._caller.receive("bytes", topic="lk.audio_stream", within=within)
        rate, channels = (int(received.attributes[a]) for a in ("sample_rate", "num_channels"))
        return AudioFrame(received.payload, rate, channels)

    async def tell(self, position: float, *, interrupted: bool) -> None:
        """Say how much of a segment was played, in seconds."""
        report = json.dumps({"playback_position": position, "interrupted": interrupted})
        await self._caller.rpc(AGENT, "lk.playback_finished", report)

    async def _stop(self, _payload: str, _identity: str) -> str:
        self.told_to_stop.set()
        return "ok"


@contextlib.asynccontextmanager
async def on_stage() -> AsyncIterator[Stage]:
    """The agent is in a room of its own, until the end of the block."""
    from livekit import rtc

    from agents_core.testing.room import RoomServer

    async with RoomServer() as server:
        room = rtc.Room()
        await room.connect(server.url, server.token(AGENT, room=ROOM))
        host = {
            "livekit_url": server.url,
            "livekit_api_key": server.api_key,
            "livekit_api_secret": server.api_secret,
        }
        try:
            yield Stage(room=room, host=host, server=server)
        finally:
            await room.disconnect()
