"""A room in which an agent and its avatar are, against the stand-in server."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from agents_core.testing.room import Caller, RoomServer


@dataclass
class Stage:
    server: RoomServer
    room: Any
    avatar: Caller


@contextlib.asynccontextmanager
async def on_stage() -> AsyncIterator[Stage]:
    from livekit import rtc

    async with RoomServer() as server:
        room = rtc.Room()
        await room.connect(server.url, server.token("agent", room="r"))
        try:
            async with await server.join("r", "face") as avatar:
                yield Stage(server, room, avatar)
        finally:
            await room.disconnect()
