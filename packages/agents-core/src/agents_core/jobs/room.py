"""The room of a job: made when it is first asked for, joined once, and left for good."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections.abc import Callable
from typing import TYPE_CHECKING

from agents_core.errors import AgentsError
from agents_core.jobs.shutdown import Shutdown

if TYPE_CHECKING:
    from livekit import rtc


class AutoSubscribe(enum.StrEnum):
    """Which tracks of others are received without asking for each."""

    SUBSCRIBE_ALL = "subscribe_all"
    SUBSCRIBE_NONE = "subscribe_none"
    AUDIO_ONLY = "audio_only"
    VIDEO_ONLY = "video_only"


class JobEndsError(AgentsError, RuntimeError):
    """The job is ending, or its room is gone: there is nothing to begin, or to wait for, any more.

    An entry point that it ends has not failed.
    """


class JobRoom:
    """One room for one job; the native library is not touched before `room` is."""

    def __init__(self, shutdown: Shutdown) -> None:
        self._shutdown = shutdown
        self._room: rtc.Room | None = None
        self._connecting: asyncio.Task[None] | None = None

    @property
    def room(self) -> rtc.Room:
        """The SDK's room, connected or not; losing it ends the job."""
        if self._room is None:
            from livekit import rtc

            self._room = rtc.Room()
            self._room.on("disconnected", self._lose)
            with contextlib.suppress(RuntimeError):  # in a shutdown callback: too late to join it
                self._shutdown.add_room(self.leave)
        return self._room

    @property
    def connected(self) -> bool:
        """Whether it has been joined, and neither left nor lost."""
        return self._room is not None and self._room.isconnected()

    async def connect(
        self, url: str, token: str, options: rtc.RoomOptions, auto_subscribe: AutoSubscribe
    ) -> None:
        """Join the room; a second call waits for the first, or has nothing to do.

        A caller that is cancelled does not stop the SDK in the middle of it, which leaks sockets:
        the connection is made or fails behind it, and `leave` waits for that.

        Raises:
            JobEndsError: the job is ending.
            livekit.rtc.ConnectError: the server cannot be reached, or does not let us in.
        """
        if self.connected:
            return
        if self._connecting is None or self._connecting.done():
            if self._shutdown.begun:
                raise JobEndsError("the job is ending: too late to join its room")
            join = self._join(url, token, options, auto_subscribe)
            self._connecting = asyncio.create_task(join, name="room connect")
            self._connecting.add_done_callback(_take_notice)
        await asyncio.shield(self._connecting)

    async def leave(self) -> None:
        """Leave the room, if it was joined; one that is being joined is waited for first."""
        if self._connecting is not None:
            await asyncio.wait({self._connecting})
        if self._room is not None:
            self._room.off("disconnected", self._lose)
            await self._room.disconnect()

    async def _join(
        self, url: str, token: str, options: rtc.RoomOptions, auto_subscribe: AutoSubscribe
    ) -> None:
        options.auto_subscribe = auto_subscribe is AutoSubscribe.SUBSCRIBE_ALL
        subscribe = _subscriber(auto_subscribe)
        self.room.on("track_published", subscribe)
        await self.room.connect(url, token, options)
        for participant in self.room.remote_participants.values():
            for publication in participant.track_publications.values():
                subscribe(publication)

    def _lose(self, reason: rtc.DisconnectReason.ValueType) -> None:
        from livekit import rtc

        names = {number: name for name, number in rtc.DisconnectReason.items()}
        self._shutdown.begin(f"the room is gone: {names.get(reason, reason)}")


def _subscriber(wanted: AutoSubscribe) -> Callable[[rtc.RemoteTrackPublication], None]:
    from livekit import rtc

    kinds = {
        AutoSubscribe.AUDIO_ONLY: rtc.TrackKind.KIND_AUDIO,
        AutoSubscribe.VIDEO_ONLY: rtc.TrackKind.KIND_VIDEO,
    }

    def subscribe(publication: rtc.RemoteTrackPublication) -> None:
        if publication.kind == kinds.get(wanted):
            publication.set_subscribed(subscribed=True)

    return subscribe


def _take_notice(connecting: asyncio.Task[None]) -> None:
    # Who waited for it may have been cancelled; asyncio would complain of the error at exit.
    if not connecting.cancelled():
        connecting.exception()
