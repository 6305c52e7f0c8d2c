"""Media between the real SDK and the server's end of its connection."""

from __future__ import annotations

import asyncio
import gc

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from livekit import rtc
from livekit.protocol.rtc import SessionDescription
from raw_rooms import run
from sdk import with_sdk
from sdk_rooms import Events, Voice, joined, listen
from sounds import pitch, tone

from agents_core.testing.room import RoomServer, room_is_possible
from agents_core.testing.room.peer import Hooks, Peer


@pytest.mark.skipif(room_is_possible() is not None, reason=str(room_is_possible()))
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_client_that_is_gone_before_it_is_connected_is_no_error(turns: int) -> None:
    unheard: list[object] = []

    async def scenario() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))
        client = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        checked = asyncio.Event()

        @client.on("iceconnectionstatechange")
        def _note() -> None:
            if client.iceConnectionState == "completed":
                checked.set()

        client.addTransceiver("audio", direction="recvonly")
        client.createDataChannel("_reliable")
        await client.setLocalDescription(await client.createOffer())
        offer = client.localDescription
        peer = Peer(Hooks(track=print, ended=print, packet=print, state=str))
        answer = await peer.answer(SessionDescription(type=offer.type, sdp=offer.sdp))
        await client.setRemoteDescription(RTCSessionDescription(answer.sdp, answer.type))
        await checked.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        await peer.close()
        await client.close()

    run(scenario)
    gc.collect()
    assert unheard == []


def test_a_client_that_has_closed_its_connection_is_answered_nothing() -> None:
    async def scenario() -> None:
        client = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        client.createDataChannel("_reliable")
        offer = await client.createOffer()
        peer = Peer(Hooks(track=print, ended=print, packet=print, state=str))
        await peer.close()
        assert await peer.answer(SessionDescription(type=offer.type, sdp=offer.sdp)) is None
        await client.close()

    run(scenario)


@with_sdk
async def test_a_client_with_more_tracks_to_hear_than_it_asked_for_gets_them_all() -> None:
    async with RoomServer() as server:
        callers = [await server.join("a room", f"caller {number}") for number in range(5)]
        client = rtc.Room()
        events = Events(client).watch("track_subscribed")
        await client.connect(server.url, server.token("agent", room="a room"))
        heard = {(await events.next("track_subscribed"))[2].identity for _ in callers}
        latecomer = await server.join("a room", "latecomer")
        heard.add((await events.next("track_subscribed"))[2].identity)
        await client.disconnect()

        assert heard == {caller.identity for caller in (*callers, latecomer)}


@with_sdk
async def test_a_track_that_comes_back_is_heard_again() -> None:
    async with RoomServer() as server, joined(server, "one") as one, joined(server, "two") as two:
        events = Events(two).watch("track_subscribed", "track_unsubscribed", "track_unpublished")
        for hertz in (440, 550):
            voice = await Voice().publish(one)
            speaking = asyncio.create_task(voice.say(tone(hertz, 2)))
            track, _, _ = await events.next("track_subscribed")
            assert pitch(await listen(track, 0.4)) == pytest.approx(hertz, abs=10)
            speaking.cancel()
            await one.local_participant.unpublish_track(voice.sid)
            await events.next("track_unsubscribed")
            await events.next("track_unpublished")


@with_sdk
async def test_a_video_track_is_published_subscribed_and_seen() -> None:
    async with (
        RoomServer() as server,
        joined(server, "avatar") as one,
        joined(server, "two") as two,
    ):
        events = Events(two).watch("track_subscribed")
        source = rtc.VideoSource(64, 48)
        track = rtc.LocalVideoTrack.create_video_track("face", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
        await one.local_participant.publish_track(track, options)
        frame = rtc.VideoFrame(64, 48, rtc.VideoBufferType.RGBA, bytes([0, 0, 255, 255] * 64 * 48))

        async def show() -> None:
            while True:
                source.capture_frame(frame)
                await asyncio.sleep(0.05)

        showing = asyncio.create_task(show())
        remote, publication, _ = await events.next("track_subscribed")
        stream = rtc.VideoStream(remote)
        async for event in stream:
            seen = event.frame
            break
        await stream.aclose()
        showing.cancel()

        assert publication.kind == rtc.TrackKind.KIND_VIDEO
        assert (seen.width, seen.height) == (64, 48)
