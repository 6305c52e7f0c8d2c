"""A caller and an agent talk: real sound both ways, in a real room, through a real job process."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from phone import calling, company, human_voice, one_call
from worker_life import alive, run

from agents_core.testing.room import room_is_possible

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")

ANSWER = "The sun is out in Ulm."
WITH_TOOL = [
    ["user", "what about the weather", "whole"],
    ["call", "get_weather", '{"city": "Ulm"}'],
    ["output", "sunny"],
    ["assistant", ANSWER, "whole"],
]


def test_a_human_voice_is_answered_with_the_help_of_a_tool(tmp_path: Path) -> None:
    async def life() -> None:
        async with one_call(tmp_path, "what about the weather") as line:
            spoken = await line.caller.speak(human_voice("What about the weather?"))
            assert await line.told(line.caller.identity) == "what about the weather"
            await line.hears(ANSWER, since=spoken.ended)
            minutes = await line.minutes()

        assert minutes["history"] == [["handoff", "Operator"], *WITH_TOOL]
        assert minutes["closed"] == "participant_disconnected"

    run(life(), within=90)


def test_what_is_written_is_answered_as_what_is_said_is(tmp_path: Path) -> None:
    async def life() -> None:
        async with one_call(tmp_path) as line:
            since = time.monotonic()
            line.caller.send_text("what about the weather", topic="lk.chat")
            await line.hears(ANSWER, since=since)
            await line.becomes("listening")
            minutes = await line.minutes()

        assert minutes["history"][1:] == WITH_TOOL
        states = [state for _, who, state in minutes["states"] if who == "agent"]
        assert states[:3] == ["listening", "thinking", "speaking"]
        assert states[-2:] == ["listening", "idle"]

    run(life(), within=90)


def test_somebody_else_takes_over_with_a_word_of_their_own(tmp_path: Path) -> None:
    async def life() -> None:
        async with one_call(tmp_path, "somebody else", "and you are") as line:
            said = await line.say("somebody else")
            await line.hears("here is somebody else", since=said)
            await line.becomes("listening")
            said = await line.say("and you are")
            await line.hears("and you are", since=said)
            minutes = await line.minutes()

        assert minutes["history"][:6] == [
            ["handoff", "Operator"],
            ["user", "somebody else", "whole"],
            ["call", "hand_over", "{}"],
            minutes["history"][3],
            ["handoff", "Deputy"],
            ["assistant", "here is somebody else", "whole"],
        ]
        assert minutes["history"][3][0] == "output"

    run(life(), within=90)


def test_two_callers_in_two_rooms_are_answered_at_the_same_time(tmp_path: Path) -> None:
    async def life() -> None:
        async with (
            company() as both,
            calling(both, tmp_path, "hello from one", room="one") as one,
            calling(both, tmp_path, "weather in two", room="two") as two,
        ):
            assert one.pid != two.pid
            said = await asyncio.gather(one.say("hello from one"), two.say("weather in two"))
            await asyncio.gather(
                one.hears("hello from one", since=said[0]), two.hears(ANSWER, since=said[1])
            )

            first = await one.minutes()
            assert alive(two.pid)
            second = await two.minutes()

        assert first["history"][-1] == ["assistant", "hello from one", "whole"]
        assert second["history"][1] == ["user", "weather in two", "whole"]

    run(life(), within=90)
