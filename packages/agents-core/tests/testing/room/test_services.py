"""The server's HTTP services, asked as agents ask them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from livekit import api
from raw_rooms import authorization, registered, run

from agents_core.testing.room import RoomServer


def asking(server: RoomServer) -> api.LiveKitAPI:
    return api.LiveKitAPI(server.url, server.api_key, server.api_secret)


def test_rooms_and_their_participants_are_listed_and_sent_away() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, asking(server) as ask:
            await ask.room.create_room(api.CreateRoomRequest(name="empty", metadata="m"))
            for identity in ("one", "two", "three"):
                await server.join("a room", identity, microphone=False)
            rooms = await ask.room.list_rooms(api.ListRoomsRequest())
            here = await ask.room.list_participants(api.ListParticipantsRequest(room="a room"))
            who = api.RoomParticipantIdentity(room="a room", identity="one")
            found = await ask.room.get_participant(who)
            await ask.room.remove_participant(who)
            with pytest.raises(api.ServerError) as missing:
                await ask.room.get_participant(who)
            await ask.room.delete_room(api.DeleteRoomRequest(room="a room"))

            assert [(room.name, room.metadata) for room in rooms.rooms] == [
                ("empty", "m"),
                ("a room", ""),
            ]
            assert [one.identity for one in here.participants] == ["one", "two", "three"]
            assert found.identity == "one"
            assert missing.value.code == "not_found"
            reasons = [event["reason"] for event in server.seen("left")]
            assert reasons == ["PARTICIPANT_REMOVED", "ROOM_DELETED", "ROOM_DELETED"]

    run(scenario)


def test_data_is_sent_and_agents_are_sent_for() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, asking(server) as ask, registered(server) as worker:
            caller = await server.join("a room", "caller", microphone=False)
            data = api.SendDataRequest(room="a room", data=b"data", topic="t")
            await ask.room.send_data(data)
            assert (await caller.receive("data", topic="t")).payload == b"data"
            wanted = api.CreateAgentDispatchRequest(room="a room", metadata="m")
            dispatch = await ask.agent_dispatch.create_dispatch(wanted)
            await worker.take()
            job = (await worker.hear("assignment")).job

            assert (job.dispatch_id, job.metadata) == (dispatch.id, "m")

    run(scenario)


def test_whoever_has_no_grant_is_refused_and_what_nobody_knows_is_not_there() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, aiohttp.ClientSession() as session:
            base = f"{server.url.replace('ws', 'http', 1)}/twirp/livekit.RoomService"
            guest = authorization(server.token("guest", room="a room"))
            statuses = []
            for headers, method in (
                ({}, "DeleteRoom"),
                (guest, "DeleteRoom"),
                (guest, "ListParticipants"),
                (guest, "Unknown"),
            ):
                async with session.post(f"{base}/{method}", headers=headers) as response:
                    statuses.append(response.status)
            assert statuses == [401, 403, 403, 501]

    run(scenario)


def test_an_administrator_of_one_room_is_none_of_another() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, asking(server) as ask:
            await server.join("a room", "caller", microphone=False)
            grants = api.VideoGrants(room_admin=True, room="elsewhere")
            token = api.AccessToken(server.api_key, server.api_secret).with_grants(grants)
            url = (
                f"{server.url.replace('ws', 'http', 1)}/twirp/livekit.RoomService/RemoveParticipant"
            )
            who = api.RoomParticipantIdentity(room="a room", identity="caller")
            async with aiohttp.ClientSession(headers=authorization(token.to_jwt())) as session:
                answer = await session.post(url, data=who.SerializeToString())
                assert answer.status == 403
            await asyncio.wait_for(ask.room.remove_participant(who), 5)

    run(scenario)
