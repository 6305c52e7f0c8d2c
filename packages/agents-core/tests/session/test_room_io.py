"""A session in a real room, with the native library, against the stand-in server."""

# ruff: noqa: ANN401 - options are handed on as they come

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from parley import Minutes, run, said, until

from agents_core.agent import Agent
from agents_core.session import AgentSession, CloseReason, RoomOptions
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line
from agents_core.testing.room import RoomServer, room_is_possible
from agents_core.testing.tones import read, speak

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")

LONG = "one two three four five six seven eight nine ten eleven twelve"


@dataclass
class Call:
    server: RoomServer
    room: Any
    session: AgentSession[Any]
    minutes: Minutes


@contextlib.asynccontextmanager
async def calling(*lines: Line, **options: Any) -> AsyncIterator[Call]:
    from livekit import rtc

    async with RoomServer() as server:
        room = rtc.Room()
        await room.connect(server.url, server.token("agent", room="r"))
        session: AgentSession[Any] = AgentSession(
            stt=FakeSTT(),
            llm=FakeLLM(lines),
            tts=FakeTTS(),
            vad=FakeVAD(min_silence_duration=0.2),
            min_endpointing_delay=0.1,
            min_interruption_duration=0.05,
            user_away_timeout=None,
        )
        minutes = Minutes(session)
        try:
            await session.start(
                Agent(instructions=""), room=room, room_options=RoomOptions(**options)
            )
            yield Call(server, room, session, minutes)
        finally:
            await session.aclose()
            await room.disconnect()


async def heard_by(call: Call, identity: str) -> None:
    """Wait until what a participant says arrives."""
    await until(lambda: call.session.room_io.linked_participant == identity)
    await until(lambda: call.session.input.audio.track_sid is not None)
    await asyncio.sleep(0.3)  # the first packets of a track are lost now and then


def test_the_caller_is_heard_and_hears_the_answer() -> None:
    async def work() -> None:
        async with (
            calling(Line(when="^hello$", say="good day")) as call,
            await call.server.join("r", "caller") as caller,
        ):
            hearing = caller.heard("agent")
            await heard_by(call, "caller")
            await caller.speak(speak("hello", sample_rate=48000))
            await until(lambda: said(call.session) == ["hello", "good day"])
            await hearing.silence()
            assert [stretch.text for stretch in read([hearing.audio()])] == ["good day"]

    run(work(), within=30)


def test_a_caller_who_speaks_silences_the_agent() -> None:
    async def work() -> None:
        async with (
            calling(Line(when="stop", say="ok"), Line(say=LONG)) as call,
            await call.server.join("r", "caller") as caller,
        ):
            hearing = caller.heard("agent")
            await heard_by(call, "caller")
            handle = call.session.generate_reply(user_input="count")
            await hearing.sound()
            await caller.speak(speak("stop", sample_rate=48000))
            await until(handle.done)
            assert handle.interrupted
            await until(lambda: said(call.session)[-1] == "ok")
            counted = said(call.session)[1]
            assert counted
            assert LONG.startswith(counted)
            assert counted != LONG

    run(work(), within=30)


def test_what_is_said_is_sent_as_text_and_the_state_as_an_attribute() -> None:
    async def work() -> None:
        async with (
            calling(Line(when="^hello$", say="good day")) as call,
            await call.server.join("r", "caller") as caller,
        ):
            await until(lambda: call.session.room_io.linked_participant == "caller")
            caller.send_text("hello", topic="lk.chat")
            received = await caller.receive("text", topic="lk.transcription", within=10)
            assert received.text == "good day"
            assert received.attributes["lk.transcription_final"] == "true"
            assert received.attributes["lk.segment_id"]
            assert received.attributes["lk.transcribed_track_id"]
            await until(lambda: said(call.session) == ["hello", "good day"])
            [agent] = [p for p in call.server.participants("r") if p.identity == "agent"]
            await until(lambda: agent.attributes.get("lk.agent.state") == "listening")

    run(work(), within=30)


def test_the_session_closes_when_the_caller_hangs_up() -> None:
    async def work() -> None:
        async with calling() as call:
            caller = await call.server.join("r", "caller")
            await until(lambda: call.session.room_io.linked_participant == "caller")
            await caller.leave()
            await until(lambda: call.minutes.of("close"))
            [closed] = call.minutes.of("close")
            assert closed.reason is CloseReason.PARTICIPANT_DISCONNECTED
            assert call.room.isconnected()

    run(work(), within=30)


def test_another_participant_can_be_listened_to() -> None:
    async def work() -> None:
        async with (
            calling(Line(say="ok"), participant_identity="second") as call,
            await call.server.join("r", "first") as first,
            await call.server.join("r", "second") as second,
        ):
            await heard_by(call, "second")
            await first.speak(speak("not me", sample_rate=48000))
            await second.speak(speak("me", sample_rate=48000))
            await until(lambda: said(call.session, "user") == ["me"])
            call.session.room_io.set_participant("first")
            await heard_by(call, "first")
            await first.speak(speak("now me", sample_rate=48000))
            await until(lambda: said(call.session, "user") == ["me", "now me"])

    run(work(), within=30)
