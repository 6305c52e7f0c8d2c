"""A caller speaks while the agent does: it stops, and remembers what was heard."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from phone import last_of_stretch, one_call
from talking_agents import LONG
from worker_life import run

from agents_core.audio import AudioFrame
from agents_core.testing.room import room_is_possible
from agents_core.testing.tones import SECONDS_PER_BYTE, speak

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")

COUGH = AudioFrame((b"\x00\x04" * 24 + b"\x00\xfc" * 24) * 100, 48_000)
"""A tenth of a second, loud enough for a `FakeVAD` and no word."""


def test_an_agent_that_is_interrupted_stops_and_remembers_what_was_heard(tmp_path: Path) -> None:
    async def life() -> None:
        async with one_call(tmp_path, "count", "stop it") as line:
            began = await line.hearing.sound(since=await line.say("count"))
            await asyncio.sleep(1)
            spoken = await line.caller.speak(speak("stop it", sample_rate=48_000))
            cut = await line.told(line.agent)
            await line.hears("stop it", since=spoken.ended)

            stopped = last_of_stretch(line.hearing, began)
            assert spoken.started < stopped < spoken.started + 1.5, stopped - spoken.started
            minutes = await line.minutes()

        [asked, counted, stop, echoed] = minutes["history"][1:]
        assert [asked[1], stop[1], echoed] == [
            "count",
            "stop it",
            ["assistant", "stop it", "whole"],
        ]
        assert counted[2] == "cut"
        assert LONG.startswith(counted[1])
        assert cut
        seconds = stopped - began
        assert abs(len(counted[1]) * SECONDS_PER_BYTE - seconds) < 0.5, (counted[1], seconds)

    run(life(), within=90)


def test_a_noise_interrupts_nobody_who_waits_for_a_second_of_speech(tmp_path: Path) -> None:
    async def life() -> None:
        async with one_call(tmp_path, "count", min_interruption_duration=1.0) as line:
            await line.hearing.sound(since=await line.say("count"))
            await asyncio.sleep(0.5)
            spoken = await line.caller.speak(COUGH)
            await asyncio.sleep(1.5)
            until = time.monotonic()
            minutes = await line.minutes()

        meanwhile = [state for at, _, state in minutes["states"] if spoken.started < at < until]
        assert "speaking" in meanwhile  # the user, as the detector has it
        assert [
            state
            for at, who, state in minutes["states"]
            if who == "agent" and spoken.started < at < until
        ] == []

    run(life(), within=90)
