"""The stand-in server: rooms, clients and workers on one port of this machine."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Self

from aiohttp import web
from livekit.protocol import models

from agents_core.testing.room.caller import Caller
from agents_core.testing.room.dispatch import Dispatch, Dispatcher, new_job
from agents_core.testing.room.doors import Doors
from agents_core.testing.room.events import Event, EventLog
from agents_core.testing.room.house import House
from agents_core.testing.room.members import Participant, participant_of
from agents_core.testing.room.rooms import Room, new_sid
from agents_core.testing.room.services import Services
from agents_core.testing.room.tokens import Keys

_STOPPING = 3.0
"""Seconds that clients and workers may take to go when the server stops."""


class RoomServer:
    """Stands in for a LiveKit server, for tests and for a laptop without one.

    Clients are real SDKs, agents and avatars; several rooms at once, each with as many participants
    as one machine can carry. It listens on loopback alone; sound travels over an interface that
    is not loopback, because the native library wants one, and stays on this machine.

    Use it in ``async with``, from the event loop it is to run in.

    Attributes:
        url: where it listens, once it is started: ``ws://127.0.0.1:…``.
        api_key: the name of the key with which tokens are signed.
        api_secret: the key; a new one every time, unless one is given.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        api_key: str = "devkey",
        api_secret: str | None = None,
        auto_dispatch: bool = False,
        hear: Callable[[Event], object] | None = None,
    ) -> None:
        """Make one; `port` 0 takes a free one, and `hear` is called with every event.

        With `auto_dispatch`, every room that somebody enters who is no agent gets a job for one.
        """
        self.api_key = api_key
        self.api_secret = api_secret or secrets.token_urlsafe(32)
        self.url = ""
        self._port = port
        self._auto_dispatch = auto_dispatch
        self._keys = Keys(api_key=self.api_key, api_secret=self.api_secret)
        self._log = EventLog(hear)
        self._house = House(self._log, self._on_entry)
        self._dispatcher = Dispatcher(self._keys, self._log)
        self._doors = Doors(self._keys, self._log, self._house, self._dispatcher.workforce)
        self._services = Services(self._keys, self._house, self._dispatcher)
        self._callers: list[Caller] = []
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: somebody else does, on that port.
        """
        app = self._doors.app()
        app.router.add_post("/twirp/{service}/{method}", self._doors.guard(self._services.answer))
        self._runner = web.AppRunner(app, shutdown_timeout=_STOPPING)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}"
        self._log.say("listening", url=self.url)

    async def stop(self) -> None:
        """Send everybody home (``SERVER_SHUTDOWN``), and leave nothing behind."""
        for room in self._house.rooms():
            self._house.delete(room.name, models.SERVER_SHUTDOWN)
        await asyncio.gather(*(caller.leave() for caller in self._callers))
        await self._doors.wait_until_left(_STOPPING)
        await self._dispatcher.aclose()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def events(self) -> tuple[Event, ...]:
        """All that happened, in order."""
        return self._log.seen()

    def seen(
        self, event: str | None = None, identity: str | None = None, **facts: object
    ) -> tuple[Event, ...]:
        """What happened of that kind, to that participant, with those facts; in order."""
        return self._log.seen(event, identity, **facts)

    async def wait_for(
        self, event: str, identity: str | None = None, *, within: float = 10.0, **facts: object
    ) -> Event:
        """The first such event, of the past or of the next `within` seconds.

        Raises:
            NotSeen: there was none; the message tells what there was.
        """
        return await self._log.wait_for(event, identity, within=within, **facts)

    def token(
        self, identity: str, *, room: str, agent: bool = False, attributes: Mapping[str, str] = {}
    ) -> str:
        """A token with which `identity` may join `room`, for six hours."""
        return self._keys.mint(identity, room=room, agent=agent, attributes=attributes)

    def room(self, name: str) -> Room:
        """The room of that name; made where there is none."""
        return self._house.room(name)

    def participants(self, room: str) -> tuple[Participant, ...]:
        """Who is in a room, in the order of joining."""
        return self._house.participants(room)

    async def join(
        self,
        room: str,
        identity: str,
        *,
        microphone: bool = True,
        attributes: Mapping[str, str] = {},
    ) -> Caller:
        """Have a scripted participant in a room, with a microphone that is silent at first."""
        token = self.token(identity, room=room, attributes=attributes)
        participant = participant_of(self._keys.admit(f"Bearer {token}"), new_sid("PA"))
        caller = Caller(participant, self.room(room), self._log)
        self._callers.append(caller)
        self.room(room).enter(caller)
        self.room(room).offer_all(caller)
        if microphone:
            caller.publish_microphone()
        return caller

    async def dispatch(
        self,
        *,
        room: str,
        agent_name: str = "",
        metadata: str = "",
        job_id: str | None = None,
        within: float = 10.0,
    ) -> Dispatch:
        """Give a job for `room` to the least loaded worker of that name that is free.

        Raises:
            Undispatched: nobody took it in `within` seconds.
        """
        job = new_job(self._house.room(room).info(), agent_name=agent_name, metadata=metadata)
        job.id = job_id or job.id
        return await self._dispatcher.dispatch(job, within=within)

    def remove(self, room: str, identity: str) -> None:
        """Send a participant out of a room (``PARTICIPANT_REMOVED``).

        Raises:
            KeyError: it is not there.
        """
        self._house.remove(room, identity)

    def delete_room(self, room: str) -> None:
        """Send everybody out of a room (``ROOM_DELETED``), and forget it.

        Raises:
            KeyError: there is no such room.
        """
        self._house.delete(room)

    def cut(self, room: str, identity: str) -> None:
        """Let a client's connection fall, without a word, as a broken network does.

        Raises:
            KeyError: it is not there.
        """
        self._house.cut(room, identity)

    def _on_entry(self, room: Room) -> None:
        """Have an agent come, once, where somebody is who is none."""
        people = [one for one in room.participants() if one.kind != models.ParticipantInfo.AGENT]
        if self._auto_dispatch and people and not room.served:
            room.served = True
            self._dispatcher.dispatch_unattended(new_job(room.info()))
