"""What was heard, and when."""

from __future__ import annotations

import asyncio
import time

import av
import pytest
from raw_rooms import run
from sounds import pieces, pitch, tone

from agents_core.audio import AudioFrame, combine, silence
from agents_core.testing.room import NotSeen
from agents_core.testing.room.hearing import Hearing


def decoded(frame: AudioFrame) -> av.AudioFrame:
    """As the codec gives it: the same in both channels."""
    both = b"".join(frame.data[at : at + 2] * 2 for at in range(0, len(frame.data), 2))
    out = av.AudioFrame(format="s16", layout="stereo", samples=frame.samples_per_channel)
    out.planes[0].update(both.ljust(out.planes[0].buffer_size, b"\0"))
    out.sample_rate = frame.sample_rate
    return out


def take(hearing: Hearing, *frames: AudioFrame) -> None:
    for part in pieces(combine(frames)):
        hearing.take(decoded(part))


def test_sound_begins_with_the_first_loud_frame_and_ends_with_the_last() -> None:
    async def scenario() -> None:
        hearing = Hearing("agent")
        quiet = silence(0.1, sample_rate=48_000)
        take(hearing, quiet, tone(440, 0.2, sample_rate=48_000), quiet)
        loud = [heard for heard in hearing.frames if heard.loud]

        assert await hearing.sound() == loud[0].at
        assert await hearing.silence(lasting=0.05) == loud[-1].at
        assert len(loud) == 10
        assert pitch(combine(heard.frame for heard in loud)) == pytest.approx(440, abs=10)

    run(scenario)


def test_sound_of_before_does_not_count() -> None:
    async def scenario() -> None:
        hearing = Hearing("agent")
        take(hearing, tone(440, 0.02, sample_rate=48_000))
        after = time.monotonic()
        waiting = asyncio.create_task(hearing.sound(since=after))
        await asyncio.sleep(0)
        take(hearing, tone(440, 0.02, sample_rate=48_000))

        assert await waiting > after
        with pytest.raises(NotSeen, match="agent"):
            await hearing.sound(since=time.monotonic(), within=0.01)

    run(scenario)


def test_somebody_who_speaks_on_is_not_silent() -> None:
    async def scenario() -> None:
        hearing = Hearing("agent")

        async def speak() -> None:
            while True:
                take(hearing, tone(440, 0.02, sample_rate=48_000))
                await asyncio.sleep(0.01)

        speaking = asyncio.create_task(speak())
        with pytest.raises(NotSeen, match="was not silent"):
            await hearing.silence(lasting=5, within=0.1)
        speaking.cancel()

    run(scenario)


def test_nobody_was_ever_heard() -> None:
    async def scenario() -> None:
        hearing = Hearing("agent")

        assert hearing.audio().duration == 0
        assert await hearing.silence(lasting=0.01) <= time.monotonic()

    run(scenario)


def test_every_frame_can_be_listened_to_as_it_comes() -> None:
    async def scenario() -> None:
        hearing = Hearing("agent")
        take(hearing, silence(0.04, sample_rate=48_000))
        heard = []
        async for frame in hearing:
            heard.append(frame)
            if len(heard) == 2:
                take(hearing, tone(440, 0.02, sample_rate=48_000))
            if frame.loud:
                break

        assert len(heard) == 3

    run(scenario)
