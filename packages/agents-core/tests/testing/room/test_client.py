"""What a client asks the stand-in server for, over its websocket and its data channels."""

from __future__ import annotations

import asyncio

import pytest
from livekit import rtc
from sdk import with_sdk
from sdk_rooms import Events, Voice, joined, listen
from sounds import pitch, tone

from agents_core.testing.room import Event, RoomServer, RpcFailed


@with_sdk
async def test_data_reaches_whom_it_is_for() -> None:
    async with RoomServer() as server, joined(server, "one") as one, joined(server, "two") as two:
        events = Events(two).watch("data_received")
        caller = await server.join("a room", "caller", microphone=False)
        await one.local_participant.publish_data(b"all", topic="t")
        await one.local_participant.publish_data(
            b"you", topic="t", reliable=False, destination_identities=["caller"]
        )
        caller.send_data(b"two alone", topic="t", to=["two"])
        received = [await caller.receive("data"), await caller.receive("data")]
        packets = [(await events.next("data_received"))[0] for _ in range(2)]

        assert [(one.payload, one.topic, one.identity) for one in received] == [
            (b"all", "t", "one"),
            (b"you", "t", "one"),
        ]
        assert {(packet.data, packet.participant.identity) for packet in packets} == {
            (b"all", "one"),
            (b"two alone", "caller"),
        }


@with_sdk
async def test_what_is_sent_before_a_client_can_hear_is_kept_for_it() -> None:
    async with RoomServer() as server, await server.join("a room", "caller") as caller:
        client = rtc.Room()
        events = Events(client).watch("data_received")
        connecting = asyncio.create_task(
            client.connect(server.url, server.token("slow", room="a room"))
        )
        await server.wait_for("joined", "slow")
        caller.send_data(b"early")
        await connecting
        [packet] = await events.next("data_received")
        await client.disconnect()

        assert packet.data == b"early"


@with_sdk
async def test_text_and_bytes_of_any_length_go_both_ways() -> None:
    text, data = "häll🎈" * 9_000, bytes(range(256)) * 400
    async with RoomServer() as server, joined(server, "agent") as agent:
        caller = await server.join("a room", "caller", microphone=False)
        read: asyncio.Queue[object] = asyncio.Queue()

        async def read_text(reader: rtc.TextStreamReader) -> None:
            read.put_nowait((await reader.read_all(), reader.info.attributes))

        async def read_bytes(reader: rtc.ByteStreamReader) -> None:
            parts = [part async for part in reader]
            read.put_nowait((b"".join(parts), reader.info.name))

        reading = []
        agent.register_text_stream_handler(
            "lk.chat", lambda reader, _: reading.append(asyncio.create_task(read_text(reader)))
        )
        agent.register_byte_stream_handler(
            "file", lambda reader, _: reading.append(asyncio.create_task(read_bytes(reader)))
        )
        caller.send_text(text, attributes={"mood": "good"})
        assert await read.get() == (text, {"mood": "good"})
        caller.send_bytes(data, topic="file", name="numbers")
        assert await read.get() == (data, "numbers")

        await agent.local_participant.send_text(text, topic="answer", attributes={"final": "yes"})
        received = await caller.receive("text", topic="answer")
        assert (received.text, received.attributes) == (text, {"final": "yes"})
        writer = await agent.local_participant.stream_bytes("numbers", topic="sound")
        await writer.write(data)
        await writer.aclose()
        assert (await caller.receive("bytes", topic="sound")).payload == data


@with_sdk
async def test_an_agent_and_an_avatar_can_call_each_other_and_stream_sound() -> None:
    """What an avatar does: bytes over to it, a call back when they are played."""
    async with (
        RoomServer() as server,
        joined(server, "agent") as agent,
        joined(server, "avatar") as avatar,
    ):
        played = asyncio.get_running_loop().create_future()
        size = asyncio.get_running_loop().create_future()

        @agent.local_participant.register_rpc_method("lk.playback_finished")
        async def _finished(call: rtc.RpcInvocationData) -> str:
            played.set_result((call.caller_identity, call.payload))
            return "ok"

        async def play(reader: rtc.ByteStreamReader) -> None:
            size.set_result(sum([len(part) async for part in reader]))
            answer = await avatar.local_participant.perform_rpc(
                destination_identity="agent", method="lk.playback_finished", payload="{}"
            )
            assert answer == "ok"

        playing = []
        avatar.register_byte_stream_handler(
            "lk.audio_stream", lambda reader, _: playing.append(asyncio.create_task(play(reader)))
        )
        writer = await agent.local_participant.stream_bytes(
            "speech", topic="lk.audio_stream", destination_identities=["avatar"]
        )
        await writer.write(tone(440, 1).data)
        await writer.aclose()

        assert await size == 48_000
        assert await played == ("avatar", "{}")
        await playing[0]


@with_sdk
async def test_a_caller_calls_and_is_called() -> None:
    async with RoomServer() as server, joined(server, "agent") as agent:
        caller = await server.join("a room", "caller", microphone=False)

        @agent.local_participant.register_rpc_method("shout")
        async def _shout(call: rtc.RpcInvocationData) -> str:
            return f"{call.payload.upper()} {call.caller_identity}"

        async def repeat(payload: str, identity: str) -> str:
            if not payload:
                raise RpcFailed("nothing to repeat", code=7, data="!")
            return f"{payload} {identity}"

        caller.register_rpc_method("repeat", repeat)
        ask = agent.local_participant.perform_rpc

        assert await caller.rpc("agent", "shout", "hey") == "HEY caller"
        with pytest.raises(RpcFailed, match="not supported") as unknown:
            await caller.rpc("agent", "whisper")
        assert unknown.value.code == 1400
        answer = await ask(destination_identity="caller", method="repeat", payload="so")
        assert answer == "so agent"
        with pytest.raises(rtc.RpcError) as failed:
            await ask(destination_identity="caller", method="repeat", payload="")
        assert (failed.value.code, failed.value.message) == (7, "nothing to repeat")


@with_sdk
async def test_attributes_name_and_metadata_are_everybodys_to_see() -> None:
    async with RoomServer() as server, joined(server, "one") as one, joined(server, "two") as two:
        events = Events(two).watch(
            "participant_attributes_changed",
            "participant_metadata_changed",
            "participant_name_changed",
        )
        await one.local_participant.set_attributes({"lk.agent.state": "listening"})
        changed, participant = await events.next("participant_attributes_changed")
        assert changed == {"lk.agent.state": "listening"}
        await one.local_participant.set_attributes({"lk.agent.state": ""})
        await events.next("participant_attributes_changed")
        assert dict(participant.attributes) == {}
        await one.local_participant.set_metadata("m")
        await events.next("participant_metadata_changed")
        await one.local_participant.set_name("n")
        await events.next("participant_name_changed")
        caller = await server.join("a room", "caller", microphone=False, attributes={"a": "b"})
        caller.set_attributes({"c": "d"})
        await events.next("participant_attributes_changed")

        assert two.remote_participants["one"].metadata == "m"
        assert two.remote_participants["one"].name == "n"
        assert dict(two.remote_participants["caller"].attributes) == {"a": "b", "c": "d"}


@with_sdk
async def test_a_track_that_is_muted_says_so() -> None:
    async with RoomServer() as server, joined(server, "one") as one, joined(server, "two") as two:
        events = Events(two).watch("track_subscribed", "track_muted", "track_unmuted")
        voice = await Voice().publish(one)
        await events.next("track_subscribed")
        voice.track.mute()
        await events.next("track_muted")
        voice.track.unmute()
        await events.next("track_unmuted")
        caller = await server.join("a room", "caller")
        await events.next("track_subscribed")
        caller.mute()
        participant, _ = await events.next("track_muted")

        assert participant.identity == "caller"
        muted: tuple[Event, ...] = server.seen("track_muted")
        assert [event.identity for event in muted] == ["one", "caller"]


@with_sdk
async def test_a_client_that_does_not_subscribe_by_itself_hears_what_it_asks_for() -> None:
    async with RoomServer() as server, joined(server, "one", auto_subscribe=False) as one:
        events = Events(one).watch("track_published", "track_subscribed", "track_unsubscribed")
        caller = await server.join("a room", "caller")
        publication, _ = await events.next("track_published")
        assert publication.track is None
        publication.set_subscribed(True)
        track, _, _ = await events.next("track_subscribed")
        listening = asyncio.create_task(listen(track, 0.4))
        speaking = asyncio.create_task(caller.speak(tone(500, 1)))
        assert pitch(await listening) == pytest.approx(500, abs=10)
        publication.set_subscribed(False)
        await events.next("track_unsubscribed")
        await speaking


@with_sdk
async def test_a_publisher_chooses_who_may_subscribe() -> None:
    async with RoomServer() as server, joined(server, "one") as one, joined(server, "two") as two:
        friend = rtc.Room()
        events = Events(friend).watch("track_subscribed")
        strangers = Events(two).watch("track_published", "track_subscribed")
        one.local_participant.set_track_subscription_permissions(
            allow_all_participants=False,
            participant_permissions=[
                rtc.ParticipantTrackPermission(participant_identity="friend", allow_all=True)
            ],
        )
        await friend.connect(server.url, server.token("friend", room="a room"))
        await Voice().publish(one)
        await strangers.next("track_published")
        await events.next("track_subscribed")
        await friend.disconnect()

        assert strangers.seen("track_subscribed") == 0
