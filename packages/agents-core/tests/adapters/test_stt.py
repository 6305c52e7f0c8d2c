from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

import pytest

from agents_core.adapters.candidates import AvailabilityChanged, Probing
from agents_core.adapters.stt import FallbackAdapter, StreamAdapter
from agents_core.audio import AudioFrame, silence
from agents_core.errors import APIConnectionError
from agents_core.retry import APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.stt import (
    STT,
    SpeechData,
    SpeechEvent,
    SpeechEventType,
    STTCapabilities,
)
from agents_core.vad import VAD, VADCapabilities, VADEvent, VADEventType

R = TypeVar("R")

NEVER = Probing(interval=60.0)
QUICK = APIConnectOptions(max_retry=1, retry_interval=0.0, timeout=5)


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    async def bounded() -> R:
        async with asyncio.timeout(10):
            result = await coroutine
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return result

    return asyncio.run(bounded())


def final(name: str, start: float, end: float) -> SpeechEvent:
    data = SpeechData(text=f"{name} {end - start:.1f}", start_time=start, end_time=end)
    return SpeechEvent(type=SpeechEventType.FINAL_TRANSCRIPT, alternatives=(data,))


class Toy(STT):
    """Tells how long it heard at each flush; fails once it has heard so many seconds."""

    def __init__(
        self,
        name: str,
        *,
        streaming: bool = True,
        fails_after: float | None = None,
        fails: int = 99,
    ) -> None:
        super().__init__(
            capabilities=STTCapabilities(
                streaming=streaming, interim_results=streaming, aligned_transcript="word"
            )
        )
        self.name = name
        self.fails_after = fails_after
        self.fails = fails
        self.asked = 0
        self.closed = self.warm = False

    def prewarm(self) -> None:
        self.warm = True

    async def aclose(self) -> None:
        self.closed = True

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> SpeechEvent:
        self.asked += 1
        self._fail_at(audio.duration)
        return final(self.name, 0.0, audio.duration)

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        self.asked += 1
        self._fail_at(0.0)
        start = end = 0.0
        async for value in audio:
            if isinstance(value, Flush):
                yield final(self.name, start, end)
                start = end
            else:
                end += value.duration
                self._fail_at(end)

    def _fail_at(self, heard: float) -> None:
        if self.fails_after is not None and heard >= self.fails_after and self.fails:
            self.fails -= 1
            raise APIConnectionError(f"{self.name} is deaf")


class Loud(VAD):
    """Takes everything between two flushes for speech."""

    def __init__(self) -> None:
        super().__init__(capabilities=VADCapabilities(update_interval=0.1))
        self.closed = self.warm = False

    def prewarm(self) -> None:
        self.warm = True

    async def aclose(self) -> None:
        self.closed = True

    async def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        frames: list[AudioFrame] = []
        seconds = 0.0
        async for value in audio:
            if isinstance(value, AudioFrame):
                seconds += value.duration
                frames.append(value)
                if len(frames) == 1:
                    yield self._event(VADEventType.START_OF_SPEECH, seconds, ())
            else:
                yield self._event(VADEventType.END_OF_SPEECH, seconds, tuple(frames))
                frames.clear()

    def _event(
        self, kind: VADEventType, seconds: float, frames: tuple[AudioFrame, ...]
    ) -> VADEvent:
        return VADEvent(
            type=kind,
            samples_index=0,
            timestamp=seconds,
            speech_duration=0.0,
            silence_duration=0.0,
            frames=frames,
        )


async def heard(stt: STT, *lengths: float, pause: float = 0.0) -> list[tuple[str, float]]:
    """What is said and when, of sound of those lengths in seconds, with a flush after each."""
    stream = stt.stream(conn_options=QUICK)
    for length in lengths:
        for _ in range(round(length * 10)):
            stream.push_frame(silence(0.1, sample_rate=1000))
        stream.flush()
        await asyncio.sleep(pause)
    stream.end_input()
    async with stream:
        return [
            (data.text, round(data.start_time, 3))
            async for event in stream
            for data in event.alternatives
        ]


def test_stretches_of_speech_are_recognised_where_they_are_said() -> None:
    stt, vad = Toy("a", streaming=False), Loud()

    async def scenario() -> None:
        async with StreamAdapter(stt=stt, vad=vad) as adapter:
            adapter.prewarm()
            assert adapter.wrapped_stt is stt
            assert adapter.capabilities.streaming
            assert (adapter.model, adapter.provider) == ("unknown", "unknown")
            assert await heard(adapter, 0.5, 0.3) == [("a 0.5", 0.0), ("a 0.3", 0.5)]

    run(scenario())
    assert stt.warm
    assert vad.warm
    assert stt.closed
    assert vad.closed


def test_speech_is_told_to_begin_and_to_end_before_it_is_understood() -> None:
    async def scenario() -> list[str]:
        adapter = StreamAdapter(stt=Toy("a", streaming=False), vad=Loud())
        stream = adapter.stream(conn_options=QUICK)
        stream.push_frame(silence(0.1, sample_rate=1000))
        stream.end_input()
        async with stream:
            return [event.type async for event in stream]

    assert run(scenario()) == ["start_of_speech", "end_of_speech", "final_transcript"]


def test_a_stretch_is_tried_again_as_often_as_was_asked_for_and_no_more() -> None:
    once = Toy("a", streaming=False, fails_after=0.0, fails=1)
    never = Toy("a", streaming=False, fails_after=0.0)

    assert run(heard(StreamAdapter(stt=once, vad=Loud(), conn_options=QUICK), 0.5)) == [
        ("a 0.5", 0.0)
    ]
    with pytest.raises(APIConnectionError, match="after 2 attempts"):
        run(heard(StreamAdapter(stt=never, vad=Loud(), conn_options=QUICK), 0.5))
    assert never.asked == 2


def test_a_whole_recording_goes_through() -> None:
    adapter = StreamAdapter(stt=Toy("a", streaming=False), vad=Loud())

    assert run(adapter.recognize(silence(0.4, sample_rate=1000))).text == "a 0.4"


class Watched:
    def __init__(self, *stts: Toy, **options: object) -> None:
        options = {"probing": NEVER, "max_retry_per_stt": 0, "retry_interval": 0.0} | options
        self.adapter = FallbackAdapter(stts, **options)
        self.changes: list[AvailabilityChanged] = []
        self.adapter.on("availability_changed", self.changes.append)

    async def heard(self, *lengths: float, **more: object) -> list[tuple[str, float]]:
        async with self.adapter:
            return await heard(self.adapter, *lengths, **more)


def test_the_next_one_hears_what_was_not_understood_and_tells_its_time() -> None:
    one, two = Toy("a", fails_after=0.8), Toy("b")

    async def scenario() -> None:
        watched = Watched(one, two)
        assert await watched.heard(0.5, 0.5) == [("a 0.5", 0.0), ("b 0.5", 0.5)]
        assert [change.available for change in watched.changes] == [False]

    run(scenario())
    assert one.closed
    assert two.closed


def test_one_that_failed_may_listen_again_once_somebody_understood_something() -> None:
    one, two = Toy("a", fails_after=0.0, fails=1), Toy("b", fails_after=0.8)

    async def scenario() -> None:
        watched = Watched(one, two)
        assert await watched.heard(0.5, 0.5, pause=0.02) == [("b 0.5", 0.0), ("a 0.5", 0.5)]

    run(scenario())


def test_when_all_are_deaf_all_reasons_are_told() -> None:
    async def scenario() -> None:
        watched = Watched(Toy("a", fails_after=0.0), Toy("b", fails_after=0.0))
        async with watched.adapter as adapter:
            adapter.prewarm()
            with pytest.raises(APIConnectionError, match="all 2 failed: a is deaf; b is deaf"):
                await heard(adapter, 0.1)
            with pytest.raises(APIConnectionError, match="all 2 failed: a is deaf; b is deaf"):
                await adapter.recognize(silence(0.1, sample_rate=1000))

    run(scenario())


def test_a_whole_recording_is_given_to_the_first_that_works() -> None:
    async def scenario() -> None:
        watched = Watched(Toy("a", fails_after=0.0), Toy("b"))
        async with watched.adapter as adapter:
            assert (await adapter.recognize(silence(0.4, sample_rate=1000))).text == "b 0.4"
            assert len(watched.changes) == 1

    run(scenario())


def test_one_for_whole_recordings_needs_a_detector() -> None:
    batch = Toy("a", streaming=False)

    with pytest.raises(ValueError, match="there is no vad"):
        FallbackAdapter([batch])
    with pytest.raises(ValueError, match="no ports"):
        FallbackAdapter([])
    assert run(Watched(batch, Toy("b"), vad=Loud()).heard(0.5)) == [("a 0.5", 0.0)]


def test_what_all_can_do_the_adapter_can() -> None:
    both = FallbackAdapter([Toy("a"), Toy("b")]).capabilities
    mixed = FallbackAdapter([Toy("a"), Toy("b", streaming=False)], vad=Loud()).capabilities

    assert (both.streaming, both.interim_results, both.aligned_transcript) == (True, True, "word")
    assert (mixed.streaming, mixed.interim_results) == (True, False)


def test_one_that_hears_again_is_found_out() -> None:
    one, two = Toy("a", fails_after=0.0, fails=3), Toy("b")

    async def scenario() -> None:
        often = Probing(interval=0.0, longest_interval=0.01, timeout=1.0)
        watched = Watched(one, two, probing=often)
        back = asyncio.Event()
        watched.adapter.on("availability_changed", lambda change: change.available and back.set())
        async with watched.adapter as adapter:
            assert await heard(adapter, 0.5) == [("b 0.5", 0.0)]
            await asyncio.wait_for(back.wait(), 5)
            assert await heard(adapter, 0.5) == [("a 0.5", 0.0)]

    run(scenario())
