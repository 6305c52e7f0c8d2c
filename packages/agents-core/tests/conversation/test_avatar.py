"""An avatar speaks for the agent: a second client in the room, with a face and a voice."""

from __future__ import annotations

import asyncio
from typing import Any

from livekit import rtc
from parley import Minutes, said, until
from sdk import with_sdk
from talking_face import TalkingFace

from agents_core.agent import Agent
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line, Said
from agents_core.testing.room import RoomServer
from agents_core.testing.tones import SECONDS_PER_BYTE, speak

LONG = " ".join(f"number {count}" for count in range(1, 40))


def conversation() -> AgentSession[Any]:
    return AgentSession(
        stt=FakeSTT([Said(text="stop it")], streaming=False),
        llm=FakeLLM([Line(when="count", say=LONG), Line(say="a good day")]),
        tts=FakeTTS(),
        vad=FakeVAD(),
        min_endpointing_delay=0.1,
        min_interruption_duration=0.05,
    )


@with_sdk
async def test_a_face_speaks_for_the_agent_and_stops_when_the_caller_speaks() -> None:
    async with RoomServer() as server, await server.join("r", "caller") as caller:
        room, face, session = rtc.Room(), TalkingFace(), conversation()
        minutes = Minutes(session)
        await room.connect(server.url, server.token("agent", room="r", agent=True))
        await face.start(
            session,
            room,
            livekit_url=server.url,
            livekit_api_key=server.api_key,
            livekit_api_secret=server.api_secret,
        )
        try:
            await session.start(Agent(instructions=""), room=room)
            hearing, of_agent = caller.heard("face"), caller.heard("agent")
            await face.wait_for_join()

            caller.send_text("good day", topic="lk.chat")
            await hearing.sound()
            await until(lambda: said(session) == ["good day", "a good day"], within=15)

            await hearing.silence(lasting=0.5)
            caller.send_text("count", topic="lk.chat")
            await hearing.sound(since=hearing.frames[-1].at)
            await asyncio.sleep(0.7)
            await caller.speak(speak("stop it", sample_rate=48_000))
            await until(lambda: len(said(session)) == 6, within=15)

            assert face.told_to_stop == 1
            [_, _, _, counted, stopped, _] = session.history.messages()
            assert stopped.text_content == "stop it"
            assert counted.interrupted
            assert LONG.startswith(counted.text_content)
            [greeted, (position, cut), _] = face.played
            assert not greeted[1]
            assert cut
            assert abs(len(counted.text_content) * SECONDS_PER_BYTE - position) < 0.4
            assert not any(heard.loud for heard in of_agent.frames)
            assert not minutes.of("error")
        finally:
            await session.aclose()
            await face.aclose()
            await room.disconnect()
