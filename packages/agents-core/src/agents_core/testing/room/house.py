"""All the rooms of a server."""

from __future__ import annotations

from collections.abc import Callable

from livekit.protocol import models

from agents_core.testing.room.client import Client
from agents_core.testing.room.events import EventLog
from agents_core.testing.room.members import Participant
from agents_core.testing.room.rooms import Room


class House:
    """Rooms, by name: made when somebody asks for one, and gone when the last has left it."""

    def __init__(self, log: EventLog, entered: Callable[[Room], object]) -> None:
        self._log = log
        self._entered = entered
        self._rooms: dict[str, Room] = {}

    def room(self, name: str) -> Room:
        """The room of that name; made where there is none."""
        if name not in self._rooms:
            self._rooms[name] = Room(name, self._log, changed=self._on_change)
            self._log.say("room_created", room=name, sid=self._rooms[name].sid)
        return self._rooms[name]

    def rooms(self) -> tuple[Room, ...]:
        """Every room, in the order of their making."""
        return tuple(self._rooms.values())

    def participants(self, room: str) -> tuple[Participant, ...]:
        """Who is in a room; nobody is in one that is not there."""
        return self._rooms[room].participants() if room in self._rooms else ()

    def remove(self, room: str, identity: str) -> None:
        """Send a participant out of a room (``PARTICIPANT_REMOVED``).

        Raises:
            KeyError: it is not there.
        """
        self._rooms[room].members[identity].dismiss(models.PARTICIPANT_REMOVED)

    def delete(self, room: str, reason: models.DisconnectReason = models.ROOM_DELETED) -> None:
        """Send everybody out of a room, and forget it.

        Raises:
            KeyError: there is no such room.
        """
        deleted = self._rooms.pop(room)
        self._log.say("room_deleted", room=room)
        for member in tuple(deleted.members.values()):
            member.dismiss(reason)

    def cut(self, room: str, identity: str) -> None:
        """Let a client's connection fall, without a word.

        Raises:
            KeyError: it is not there.
        """
        member = self._rooms[room].members[identity]
        if isinstance(member, Client):
            member.cut()

    def _on_change(self, room: Room) -> None:
        if room.members:
            self._entered(room)
        elif self._rooms.get(room.name) is room:
            del self._rooms[room.name]
            self._log.say("room_closed", room=room.name)
