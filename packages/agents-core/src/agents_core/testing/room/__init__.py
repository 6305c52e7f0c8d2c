"""A stand-in for a LiveKit server, with rooms, sound, data and jobs, on this machine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents_core.testing.room.events import Event, NotSeen
from agents_core.testing.room.interfaces import room_is_possible
from agents_core.testing.room.process import RoomProcess

if TYPE_CHECKING:
    from agents_core.testing.room.caller import Caller
    from agents_core.testing.room.dispatch import Dispatch, Undispatched
    from agents_core.testing.room.hearing import Heard, Hearing
    from agents_core.testing.room.microphone import Spoken
    from agents_core.testing.room.rpc import RpcFailed
    from agents_core.testing.room.server import RoomServer
    from agents_core.testing.room.streams import Received

__all__ = [
    "Caller",
    "Dispatch",
    "Event",
    "Heard",
    "Hearing",
    "NotSeen",
    "Received",
    "RoomProcess",
    "RoomServer",
    "RpcFailed",
    "Spoken",
    "Undispatched",
    "room_is_possible",
]

_ROOMS = {
    "Caller": "caller",
    "Dispatch": "dispatch",
    "Heard": "hearing",
    "Hearing": "hearing",
    "Received": "streams",
    "RoomServer": "server",
    "RpcFailed": "rpc",
    "Spoken": "microphone",
    "Undispatched": "dispatch",
}
"""What needs the packages of the extra is imported when it is asked for."""


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
