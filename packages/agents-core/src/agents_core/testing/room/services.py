"""What an administrator asks of the server over HTTP, as `JobContext.api` does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web
from google.protobuf.message import DecodeError, Message
from livekit.protocol import agent_dispatch, models
from livekit.protocol import room as rooms

from agents_core.testing.room.dispatch import Dispatcher, new_job
from agents_core.testing.room.house import House
from agents_core.testing.room.members import Participant
from agents_core.testing.room.streams import user_packet
from agents_core.testing.room.tokens import Keys, Refused

if TYPE_CHECKING:
    from livekit.api import VideoGrants


@dataclass(frozen=True, slots=True, kw_only=True)
class _Method:
    request: type[Message]
    grant: str
    """Of the token: ``room_admin`` is for one room alone, the others are for all."""
    run: Callable[[Any], Message]


class Services:
    """The room service and the dispatch service (Twirp: protobuf in, protobuf out).

    Those methods of them that agents use; any other is answered as unimplemented.
    """

    def __init__(self, keys: Keys, house: House, dispatcher: Dispatcher) -> None:
        self._keys = keys
        self._house = house
        self._dispatcher = dispatcher
        dispatch = agent_dispatch.CreateAgentDispatchRequest
        self._methods = {
            "RoomService/CreateRoom": _method(rooms.CreateRoomRequest, "room_create", self._create),
            "RoomService/DeleteRoom": _method(rooms.DeleteRoomRequest, "room_create", self._delete),
            "RoomService/ListRooms": _method(rooms.ListRoomsRequest, "room_list", self._list),
            "RoomService/ListParticipants": _method(
                rooms.ListParticipantsRequest, "room_admin", self._list_participants
            ),
            "RoomService/GetParticipant": _method(
                rooms.RoomParticipantIdentity, "room_admin", self._get_participant
            ),
            "RoomService/RemoveParticipant": _method(
                rooms.RoomParticipantIdentity, "room_admin", self._remove_participant
            ),
            "RoomService/SendData": _method(rooms.SendDataRequest, "room_admin", self._send_data),
            "AgentDispatchService/CreateDispatch": _method(dispatch, "room_admin", self._dispatch),
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Do what is asked for.

        Raises:
            Refused: the token does not allow it.
        """
        name = f"{request.match_info['service'].removeprefix('livekit.')}/"
        method = self._methods.get(name + request.match_info["method"])
        claims = self._keys.verify(request.headers.get("Authorization", ""))
        if method is None:
            return _error(501, "unimplemented", "the stand-in server has no such method")
        try:
            asked = method.request.FromString(await request.read())
            _check(claims.video, method.grant, getattr(asked, "room", None))
            response = method.run(asked)
        except DecodeError:
            return _error(400, "malformed", "the body is no such request")
        except KeyError as error:
            return _error(404, "not_found", f"there is no {error}")
        return web.Response(body=response.SerializeToString(), content_type="application/protobuf")

    def _create(self, request: rooms.CreateRoomRequest) -> Message:
        room = self._house.room(request.name)
        room.metadata = request.metadata or room.metadata
        for agent in request.agents:
            job = new_job(room.info(), agent_name=agent.agent_name, metadata=agent.metadata)
            self._dispatcher.dispatch_unattended(job)
        return room.info()

    def _delete(self, request: rooms.DeleteRoomRequest) -> Message:
        self._house.delete(request.room)
        return rooms.DeleteRoomResponse()

    def _list(self, request: rooms.ListRoomsRequest) -> Message:
        wanted = [
            one for one in self._house.rooms() if not request.names or one.name in request.names
        ]
        return rooms.ListRoomsResponse(rooms=[room.info() for room in wanted])

    def _list_participants(self, request: rooms.ListParticipantsRequest) -> Message:
        found = self._house.participants(request.room)
        return rooms.ListParticipantsResponse(participants=[one.info() for one in found])

    def _get_participant(self, request: rooms.RoomParticipantIdentity) -> Message:
        for participant in self._house.participants(request.room):
            if participant.identity == request.identity:
                return participant.info()
        raise KeyError(request.identity)

    def _remove_participant(self, request: rooms.RoomParticipantIdentity) -> Message:
        self._house.remove(request.room, request.identity)
        return rooms.RemoveParticipantResponse()

    def _send_data(self, request: rooms.SendDataRequest) -> Message:
        reliable = request.kind == models.DataPacket.RELIABLE
        packet = user_packet(request.data, request.topic, reliable=reliable)
        packet.destination_identities.extend(request.destination_identities)
        allowed = models.ParticipantPermission(can_publish_data=True)
        server = Participant(sid="", identity="", permission=allowed)
        self._house.room(request.room).deliver(server, packet, reliable=reliable)
        return rooms.SendDataResponse()

    def _dispatch(self, request: agent_dispatch.CreateAgentDispatchRequest) -> Message:
        room = self._house.room(request.room)
        job = new_job(room.info(), agent_name=request.agent_name, metadata=request.metadata)
        self._dispatcher.dispatch_unattended(job)
        return agent_dispatch.AgentDispatch(
            id=job.dispatch_id,
            agent_name=request.agent_name,
            room=request.room,
            metadata=request.metadata,
        )


def _method(request: type[Message], grant: str, run: Callable[[Any], Message]) -> _Method:
    return _Method(request=request, grant=grant, run=run)


def _check(grants: VideoGrants | None, needed: str, room: str | None) -> None:
    if not getattr(grants, needed, False):
        raise Refused(f"the token has no {needed} grant", status=403)
    if needed == "room_admin" and getattr(grants, "room", "") != room:
        raise Refused("the token is for another room", status=403)


def _error(status: int, code: str, message: str) -> web.Response:
    return web.Response(
        status=status,
        text=json.dumps({"code": code, "msg": message}),
        content_type="application/json",
    )
