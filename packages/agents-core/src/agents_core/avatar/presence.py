"""Whether the avatar is there yet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from agents_core.errors import APITimeoutError

if TYPE_CHECKING:
    from livekit import rtc

_NEWS: tuple[Literal["participant_connected", "track_published", "track_subscribed"], ...] = (
    "participant_connected",
    "track_published",
    "track_subscribed",
)


async def wait_for_avatar(
    room: rtc.Room, identity: str, *, video: bool = True, within: float = 30.0
) -> None:
    """Wait until it is in the room, and shows itself where `video` is wanted.

    Raises:
        APITimeoutError: it did not come in `within` seconds, or did not show itself.
    """
    news = asyncio.Event()

    def stir(*_: object) -> None:
        news.set()

    for name in _NEWS:
        room.on(name, stir)
    try:
        async with asyncio.timeout(within):
            while not _is_there(room, identity, video=video):
                news.clear()
                await news.wait()
    except TimeoutError:
        came = "shown itself" if identity in room.remote_participants else "come into the room"
        raise APITimeoutError(f"the avatar {identity!r} has not {came} in {within:g} s") from None
    finally:
        for name in _NEWS:
            room.off(name, stir)


def _is_there(room: rtc.Room, identity: str, *, video: bool) -> bool:
    from livekit import rtc

    participant = room.remote_participants.get(identity)
    if participant is None:
        return False
    kinds = {publication.kind for publication in participant.track_publications.values()}
    return not video or rtc.TrackKind.KIND_VIDEO in kinds
