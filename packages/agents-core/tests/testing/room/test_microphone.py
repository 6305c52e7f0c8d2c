"""A microphone that a script speaks into."""

from __future__ import annotations

import asyncio
from array import array

import av
import pytest
from raw_rooms import run
from sounds import pitch, tone

from agents_core.audio import AudioFrame, combine
from agents_core.testing.room.microphone import Microphone


def sound_of(frame: av.AudioFrame) -> AudioFrame:
    return AudioFrame(bytes(frame.planes[0])[: 2 * frame.samples], frame.sample_rate)


def is_loud(frame: AudioFrame) -> bool:
    return max(array("h", frame.data)) > 1000


@pytest.mark.parametrize("sample_rate", [16_000, 24_000, 48_000])
def test_what_is_said_is_handed_on_as_it_is(sample_rate: int) -> None:
    async def scenario() -> None:
        microphone, heard = Microphone(), list[AudioFrame]()
        microphone.source.listen(lambda frame: heard.append(sound_of(frame)))
        spoken = await microphone.say(tone(440, 0.4, sample_rate=sample_rate))
        await microphone.aclose()
        loud = combine(frame for frame in heard if is_loud(frame))

        assert loud.duration == pytest.approx(0.4, abs=0.05)
        assert pitch(loud) == pytest.approx(440, abs=10)
        assert spoken.ended - spoken.started == pytest.approx(0.4, abs=0.3)

    run(scenario)


def test_utterances_are_said_one_after_the_other_and_can_be_hushed() -> None:
    async def scenario() -> None:
        microphone = Microphone()
        first, second = (
            asyncio.create_task(microphone.say(tone(440, seconds))) for seconds in (0.1, 60)
        )
        said = await first
        microphone.hush()
        hushed = await second
        await microphone.aclose()

        assert said.ended <= hushed.started
        assert hushed.ended - hushed.started < 30

    run(scenario)


def test_nothing_is_said_at_once() -> None:
    async def scenario() -> None:
        microphone = Microphone()
        await microphone.say(AudioFrame(b"", 24_000))
        await microphone.aclose()

    run(scenario)


def test_whoever_is_speaking_when_it_is_switched_off_is_told() -> None:
    async def scenario() -> None:
        microphone = Microphone()
        speaking = asyncio.create_task(microphone.say(tone(440, 60)))
        await asyncio.sleep(0)
        await microphone.aclose()

        with pytest.raises(asyncio.CancelledError):
            await speaking

    run(scenario)
