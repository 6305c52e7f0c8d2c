"""The real SDK meets the stand-in server."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from livekit import rtc
from sdk import with_sdk
from sdk_rooms import Events, Voice, joined, listen
from sounds import pitch, tone

from agents_core.testing.room import RoomServer


@with_sdk
async def test_two_clients_see_each_other_come_and_go() -> None:
    async with RoomServer() as server, joined(server, "first") as first:
        events = Events(first).watch("participant_connected", "participant_disconnected")
        async with joined(server, "second") as second:
            [came] = await events.next("participant_connected")
            assert came.identity == "second"
            assert list(second.remote_participants) == ["first"]
            assert [one.identity for one in server.participants("a room")] == ["first", "second"]
        [went] = await events.next("participant_disconnected")
        assert went.identity == "second"
        leave = await server.wait_for("leave", "second")
        closed = await server.wait_for("closed", "second")
        assert leave["reason"] == "CLIENT_INITIATED"
        assert closed["clean"]


@with_sdk
async def test_a_client_hears_another() -> None:
    async with RoomServer() as server, joined(server, "one") as one, joined(server, "two") as two:
        events = Events(two).watch("track_subscribed")
        voice = await Voice().publish(one)
        speaking = asyncio.create_task(voice.say(tone(660, 2)))
        track, publication, participant = await events.next("track_subscribed")

        heard = await listen(track, 0.5)

        speaking.cancel()
        assert participant.identity == "one"
        assert publication.source == rtc.TrackSource.SOURCE_MICROPHONE
        assert pitch(heard) == pytest.approx(660, abs=10)
        assert (await server.wait_for("media", "one"))["track"] == voice.sid


@with_sdk
async def test_a_client_and_a_caller_hear_each_other() -> None:
    async with RoomServer() as server, await server.join("a room", "caller") as caller:
        hearing = caller.heard("agent")  # before it is there
        client = rtc.Room()
        events = Events(client).watch("track_subscribed")
        await client.connect(server.url, server.token("agent", room="a room", agent=True))
        track, _, _ = await events.next("track_subscribed")
        listening = asyncio.create_task(listen(track, 0.5))
        spoken = await caller.speak(tone(880, 1))
        voice = await Voice().publish(client)
        await voice.say(tone(330, 0.6))
        first, last = await hearing.sound(), await hearing.silence()
        await client.disconnect()

        assert pitch(await listening) == pytest.approx(880, abs=10)
        assert spoken.ended - spoken.started == pytest.approx(1, abs=0.3)
        assert pitch(hearing.audio()) == pytest.approx(330, abs=10)
        assert first < last


@with_sdk
async def test_rooms_do_not_hear_of_each_other() -> None:
    async with (
        RoomServer() as server,
        joined(server, "one", "here") as one,
        joined(server, "two", "there") as two,
    ):
        here, there = await server.join("here", "near"), await server.join("there", "far")
        await two.local_participant.publish_data(b"for there", topic="t")
        await one.local_participant.publish_data(b"for here", topic="t")

        assert (await here.receive("data")).payload == b"for here"
        assert (await there.receive("data")).payload == b"for there"
        assert set(one.remote_participants) == {"near"}


@with_sdk
async def test_a_second_participant_of_the_same_identity_takes_the_place_of_the_first() -> None:
    async with RoomServer() as server, joined(server, "twin") as first:
        events = Events(first).watch("disconnected")
        async with joined(server, "twin"):
            [reason] = await events.next("disconnected")
            assert reason == rtc.DisconnectReason.DUPLICATE_IDENTITY
            assert len(server.participants("a room")) == 1


@with_sdk
async def test_a_client_is_told_why_it_has_to_go() -> None:
    server = RoomServer()
    await server.start()
    reasons = []
    for send_out in (
        lambda: server.remove("a room", "guest"),
        lambda: server.delete_room("a room"),
        lambda: None,
    ):
        async with joined(server, "guest") as guest:
            events = Events(guest).watch("disconnected")
            send_out()
            if not reasons[1:]:
                reasons.extend(await events.next("disconnected"))
                continue
            await server.stop()
            reasons.extend(await events.next("disconnected"))

    assert reasons == [
        rtc.DisconnectReason.PARTICIPANT_REMOVED,
        rtc.DisconnectReason.ROOM_DELETED,
        rtc.DisconnectReason.SERVER_SHUTDOWN,
    ]
    assert [closed["clean"] for closed in server.seen("closed", "guest")] == [True] * 3


@with_sdk
async def test_a_client_whose_connection_breaks_comes_back() -> None:
    async with RoomServer() as server, joined(server, "agent") as agent:
        events = Events(agent).watch("reconnected")
        server.cut("a room", "agent")
        await events.next("reconnected", within=20)

        assert not (await server.wait_for("closed", "agent"))["clean"]
        assert [one.identity for one in server.participants("a room")] == ["agent"]


@with_sdk
async def test_nobody_comes_in_with_a_wrong_token() -> None:
    async with RoomServer() as server, RoomServer() as other:
        with pytest.raises(rtc.ConnectError, match="401"):
            await rtc.Room().connect(server.url, other.token("stranger", room="a room"))
        assert (await server.wait_for("refused"))["status"] == 401
        assert server.participants("a room") == ()


@with_sdk
async def test_servers_leave_nothing_behind() -> None:
    def held() -> dict[str, int]:
        names = [thread.name for thread in threading.enumerate()]
        return {
            # The event loop's own pool grows up to a limit, as it likes.
            "threads": sum(not name.startswith("asyncio_") for name in names),
            "descriptors": len(list(Path("/proc/self/fd").iterdir())),
            "tasks": len(asyncio.all_tasks()),
        }

    async def live() -> None:
        async with RoomServer() as server, await server.join("a room", "caller") as caller:
            client = rtc.Room()
            events = Events(client).watch("track_subscribed")
            await client.connect(server.url, server.token("agent", room="a room"))
            await events.next("track_subscribed")
            await client.local_participant.publish_data(b"hello")
            await caller.receive("data")
            await client.disconnect()

    for _ in range(4):  # what is made once for all is made
        await live()
    before = held()
    for _ in range(20):
        await live()

    async with asyncio.timeout(10):
        # Nobody tells when the SDK has closed its sockets; now and then it has one or two more in
        # its pool, whereas what a server leaves behind would be there twenty times.
        while any(number > before[what] + 5 for what, number in held().items()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
