"""The agent's voice goes to the avatar, in a real room, against the stand-in server."""

# ruff: noqa: ANN401 - options are handed on as they come

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from avatar_stage import Stage, on_stage
from parley import run

from agents_core.audio import AudioFrame
from agents_core.avatar import DataStreamAudioOutput
from agents_core.testing.room import room_is_possible
from agents_core.testing.tones import read, speak

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")


@contextlib.asynccontextmanager
async def speaking(stage: Stage, **options: Any) -> AsyncIterator[DataStreamAudioOutput]:
    output = DataStreamAudioOutput(
        stage.room, destination_identity="face", wait_for_video=False, **options
    )
    try:
        yield output
    finally:
        await output.aclose()


def test_a_segment_is_a_stream_and_the_avatar_tells_how_much_it_played() -> None:
    async def work() -> None:
        async with on_stage() as stage, speaking(stage) as output:
            await output.capture_frame(speak("hello", sample_rate=24000))
            output.flush()
            received = await stage.avatar.receive("bytes", topic="lk.audio_stream")
            assert received.attributes["sample_rate"] == "24000"
            assert received.attributes["num_channels"] == "1"
            sound = AudioFrame(received.payload, 24000)
            assert [stretch.text for stretch in read([sound])] == ["hello"]

            report = json.dumps({"playback_position": 0.2, "interrupted": False})
            assert await stage.avatar.rpc("agent", "lk.playback_finished", report) == "ok"
            finished = await asyncio.wait_for(output.wait_for_playout(), 5)
            assert (finished.playback_position, finished.interrupted) == (0.2, False)

    run(work(), within=30)


def test_an_avatar_that_is_told_to_stop_tells_how_far_it_came() -> None:
    async def work() -> None:
        async with on_stage() as stage, speaking(stage) as output:
            stopped = asyncio.Event()

            async def stop(_payload: str, _identity: str) -> str:
                stopped.set()
                return "ok"

            stage.avatar.register_rpc_method("lk.clear_buffer", stop)
            await output.capture_frame(speak("hello", sample_rate=24000))
            output.clear_buffer()
            await asyncio.wait_for(stopped.wait(), 5)
            report = json.dumps({"playbackPosition": 0.1, "interrupted": True})
            await stage.avatar.rpc("agent", "lk.playback_finished", report)
            finished = await asyncio.wait_for(output.wait_for_playout(), 5)
            assert (finished.playback_position, finished.interrupted) == (0.1, True)

    run(work(), within=30)


def test_an_avatar_that_does_not_stop_is_not_waited_for() -> None:
    async def work() -> None:
        async with on_stage() as stage, speaking(stage, clear_buffer_timeout=0.2) as output:
            await output.capture_frame(speak("hello", sample_rate=24000))
            output.clear_buffer()
            finished = await asyncio.wait_for(output.wait_for_playout(), 5)
            assert finished.interrupted
            assert finished.playback_position <= 0.3

    run(work(), within=30)


@pytest.mark.parametrize("report", ["nonsense", "[]", '{"playback_position": -1}'])
def test_a_report_that_says_nothing_is_rejected(report: str) -> None:
    async def work() -> None:
        async with on_stage() as stage, speaking(stage, clear_buffer_timeout=0.1) as output:
            await output.capture_frame(speak("x", sample_rate=24000))
            assert await stage.avatar.rpc("agent", "lk.playback_finished", report) == "reject"

    run(work(), within=30)


@pytest.mark.parametrize("leaves", ["the room", "the avatar"])
def test_who_left_does_not_blame_the_avatar(leaves: str, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with on_stage() as stage, speaking(stage, clear_buffer_timeout=0.3) as output:
            await output.capture_frame(speak("hello", sample_rate=24000))
            output.clear_buffer()
            if leaves == "the room":
                await stage.room.disconnect()
                await asyncio.wait_for(output.wait_for_playout(), 5)
            else:
                await output.aclose()

    run(work(), within=30)
    assert "does not stop" not in caplog.text
