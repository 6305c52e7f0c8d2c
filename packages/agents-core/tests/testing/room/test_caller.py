"""Scripted participants among themselves: no SDK, no network."""

from __future__ import annotations

import asyncio

import pytest
from livekit.protocol import models
from raw_rooms import run
from sounds import pitch, tone

from agents_core.testing.room import NotSeen, RoomServer


def test_two_callers_hear_each_other() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            one, two = await server.join("a room", "one"), await server.join("a room", "two")
            hearing = two.heard("one")
            await one.speak(tone(440, 0.3))

            assert await hearing.sound() < await hearing.silence(lasting=0.1)
            assert pitch(hearing.audio()) == pytest.approx(440, abs=10)

    run(scenario)


def test_a_caller_is_heard_no_more_once_it_is_gone() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, await server.join("a room", "two") as two:
            hearing = two.heard("one")
            async with await server.join("a room", "one") as one:
                await one.speak(tone(440, 0.1))
            heard = len(hearing.frames)
            await asyncio.sleep(0.05)

            assert heard > 0
            assert len(hearing.frames) == heard
            assert (await server.wait_for("left", "one"))["reason"] == "CLIENT_INITIATED"

    run(scenario)


def test_what_was_received_is_received_once_by_kind_and_topic() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            one = await server.join("a room", "one", microphone=False)
            two = await server.join("a room", "two", microphone=False)
            one.send_data(b"data", topic="a")
            one.send_text("text", topic="b")
            one.send_bytes(b"bytes", topic="c", to=["somebody else"])

            assert (await two.receive("text")).text == "text"
            assert (await two.receive("data", topic="a")).payload == b"data"
            with pytest.raises(NotSeen, match="there was nothing"):
                await two.receive("bytes", within=0.01)
            one.register_rpc_method("m", lambda payload, _: payload * 2)
            assert await two.rpc("one", "m", "ha") == "haha"

    run(scenario)


def test_a_caller_without_a_microphone_cannot_speak() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            caller = await server.join("a room", "caller", microphone=False)
            with pytest.raises(ValueError, match="microphone"):
                await caller.speak(tone(440, 0.1))
            assert server.seen("track_published") == ()

    run(scenario)


def test_a_caller_that_is_sent_away_is_gone_for_the_others_too() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            caller = await server.join("a room", "caller")
            server.remove("a room", "caller")
            await caller.leave(models.CLIENT_INITIATED)  # nothing, for it is gone

            assert [event["reason"] for event in server.seen("left")] == ["PARTICIPANT_REMOVED"]
            assert server.participants("a room") == ()
            assert server.seen("room_closed") != ()

    run(scenario)
