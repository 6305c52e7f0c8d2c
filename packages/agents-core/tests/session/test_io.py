"""Outputs report each segment once, and whoever waits for them is told of the last."""

from __future__ import annotations

import asyncio

from parley import run

from agents_core.audio import AudioFrame, silence
from agents_core.session import AudioOutput, PlaybackFinished

FRAME = silence(0.1, sample_rate=16000)


class Silent(AudioOutput):
    async def capture_frame(self, frame: AudioFrame) -> None:
        await super().capture_frame(frame)

    def flush(self) -> None:
        super().flush()

    def clear_buffer(self) -> None:
        self.report_finished(playback_position=0.0, interrupted=True)


def test_nothing_captured_is_nothing_to_wait_for() -> None:
    async def work() -> None:
        finished = await Silent().wait_for_playout()
        assert finished == PlaybackFinished(playback_position=0.0, interrupted=False)

    run(work())


def test_who_waits_is_told_of_the_last_segment() -> None:
    async def work() -> None:
        output, told = Silent(), []
        output.on("playback_finished", told.append)
        for _ in range(2):
            await output.capture_frame(FRAME)
            await output.capture_frame(FRAME)
            output.flush()
        waiting = asyncio.create_task(output.wait_for_playout())
        await asyncio.sleep(0)
        output.report_finished(playback_position=0.2, interrupted=False)
        await asyncio.sleep(0)
        assert not waiting.done()
        output.clear_buffer()
        assert (await waiting).interrupted
        assert [event.interrupted for event in told] == [False, True]

    run(work())


def test_a_report_too_many_is_none() -> None:
    async def work() -> None:
        output, told = Silent(), []
        output.on("playback_finished", told.append)
        output.clear_buffer()
        await output.capture_frame(FRAME)
        output.clear_buffer()
        output.clear_buffer()
        assert len(told) == 1

    run(work())
