"""Frames on their way."""

from __future__ import annotations

import asyncio

import av
import pytest
from aiortc.mediastreams import MediaStreamError
from raw_rooms import run

from agents_core.testing.room.tracks import Feed, Source


def frame(number: int) -> av.AudioFrame:
    made = av.AudioFrame(format="s16", layout="mono", samples=960)
    made.pts = number
    return made


def test_every_listener_gets_every_frame_until_it_has_heard_enough() -> None:
    source, one, two = Source("audio"), list[int](), list[int]()
    unlisten = source.listen(lambda given: one.append(given.pts))
    source.listen(lambda given: two.append(given.pts))
    source.push(frame(1))
    unlisten()
    source.push(frame(2))

    assert (one, two) == ([1], [1, 2])


def test_a_feed_waits_for_frames_and_keeps_the_newest_of_those_that_nobody_took() -> None:
    async def scenario() -> None:
        source, feed = Source("audio"), Feed("audio", "TR_1", "PA_1|TR_1")
        feed.follow(source)
        receiving = asyncio.create_task(feed.recv())
        await asyncio.sleep(0)
        source.push(frame(-1))
        assert (await receiving).pts == -1
        for number in range(1000):
            source.push(frame(number))

        assert (await feed.recv()).pts == 950
        assert feed.id == "TR_1"
        feed.stop()

    run(scenario)


def test_a_feed_that_is_stopped_gives_and_takes_nothing() -> None:
    async def scenario() -> None:
        source, feed = Source("audio"), Feed("audio", "TR_1", "PA_1|TR_1")
        feed.follow(source)
        receiving = asyncio.create_task(feed.recv())
        await asyncio.sleep(0)
        feed.stop()
        feed.stop()
        with pytest.raises(MediaStreamError):
            await receiving
        feed.follow(source)
        source.push(frame(1))
        with pytest.raises(MediaStreamError):
            await feed.recv()

    run(scenario)
