from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

import pytest

from agents_core.adapters.candidates import AvailabilityChanged, Probing
from agents_core.adapters.tts import FallbackAdapter, StreamAdapter
from agents_core.audio import combine
from agents_core.errors import APIConnectionError
from agents_core.retry import APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import basic
from agents_core.tts import (
    TTS,
    SegmentEnd,
    SynthesizedAudio,
    TimedWord,
    TTSCapabilities,
    TTSPart,
    Words,
)

R = TypeVar("R")

NEVER = Probing(interval=60.0)
ONCE = APIConnectOptions(max_retry=0, timeout=5)
QUICK = APIConnectOptions(max_retry=1, retry_interval=0.0, timeout=5)
WORD = TimedWord(text="w", start_time=0.0, end_time=0.05)


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    async def bounded() -> R:
        async with asyncio.timeout(10):
            result = await coroutine
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return result

    return asyncio.run(bounded())


class Toy(TTS):
    """Says 0.1 s for each text it gets, and a word; fails as often as it is told."""

    def __init__(
        self, *, rate: int = 1000, streaming: bool = False, fails: int = 0, after: int = 0
    ) -> None:
        capabilities = TTSCapabilities(streaming=streaming, aligned_transcript=True)
        super().__init__(capabilities=capabilities, sample_rate=rate)
        self.fails = fails
        self.after = after
        self.heard: list[str] = []
        self.closed = self.warm = False

    def prewarm(self) -> None:
        self.warm = True

    async def aclose(self) -> None:
        self.closed = True

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        self.heard.append(text)
        for part in self._say():
            yield part

    async def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        async for piece in text:
            if isinstance(piece, Flush):
                yield SegmentEnd()
                continue
            self.heard.append(piece)
            for part in self._say():
                yield part

    def _say(self) -> tuple[TTSPart, ...]:
        if self.fails and not self.after:
            self.fails -= 1
            raise APIConnectionError("mute")
        if self.fails:
            self.after -= 1
        return Words((WORD,)), bytes(2 * self.sample_rate // 10)


async def said(tts: TTS, *texts: str, options: APIConnectOptions = ONCE) -> list[SynthesizedAudio]:
    stream = tts.stream(conn_options=options)
    for text in texts:
        if text == "|":
            stream.flush()
        else:
            stream.push_text(text)
    stream.end_input()
    async with stream:
        return [speech async for speech in stream]


def seconds(speech: list[SynthesizedAudio]) -> float:
    return round(combine(each.frame for each in speech).duration, 3)


def lengths(speech: list[SynthesizedAudio]) -> list[float]:
    """Of each segment."""
    ids = dict.fromkeys(each.segment_id for each in speech)
    return [seconds([each for each in speech if each.segment_id == name]) for name in ids]


def test_a_text_is_said_sentence_by_sentence() -> None:
    toy = Toy()
    tokenizer = basic.SentenceTokenizer(min_sentence_len=1)

    async def scenario() -> list[SynthesizedAudio]:
        async with StreamAdapter(tts=toy, sentence_tokenizer=tokenizer) as adapter:
            adapter.prewarm()
            assert adapter.wrapped_tts is toy
            assert (adapter.model, adapter.provider) == ("unknown", "unknown")
            return await said(adapter, "One. Tw", "o. Thr", "ee", "|", "Four.")

    speech = run(scenario())

    assert toy.heard == ["One.", "Two.", "Three", "Four."]
    assert lengths(speech) == [0.3, 0.1]
    assert [each.delta_text for each in speech if each.delta_text] == toy.heard
    starts = [round(word.start_time, 3) for each in speech for word in each.words]
    assert starts == [0.0, 0.1, 0.2, 0.0], "words are timed from the beginning of the segment"
    assert sum(each.is_final for each in speech) == 2
    assert toy.warm
    assert toy.closed


def test_a_sentence_is_tried_again_even_after_others_were_heard() -> None:
    toy = Toy(fails=1, after=1)
    tokenizer = basic.SentenceTokenizer(min_sentence_len=1)
    adapter = StreamAdapter(tts=toy, sentence_tokenizer=tokenizer, conn_options=QUICK)

    assert seconds(run(said(adapter, "One. Two."))) == 0.2
    assert toy.heard == ["One.", "Two.", "Two."]


def test_a_sentence_that_fails_for_good_is_not_tried_by_two_floors() -> None:
    toy = Toy(fails=99)

    with pytest.raises(APIConnectionError, match="after 2 attempts"):
        run(said(StreamAdapter(tts=toy, conn_options=QUICK), "One.", options=QUICK))
    assert len(toy.heard) == 2


def test_a_whole_text_goes_through() -> None:
    toy = Toy()

    async def scenario() -> float:
        stream = StreamAdapter(tts=toy).synthesize("One. Two. Three.")
        return (await stream.collect()).duration

    assert run(scenario()) == 0.1
    assert toy.heard == ["One. Two. Three."]


class Watched:
    def __init__(self, *ttss: Toy, **options: object) -> None:
        self.adapter = FallbackAdapter(
            ttss, probing=NEVER, max_retry_per_tts=0, retry_interval=0.0, **options
        )
        self.changes: list[AvailabilityChanged] = []
        self.adapter.on("availability_changed", self.changes.append)

    async def said(self, *texts: str) -> list[SynthesizedAudio]:
        async with self.adapter:
            return await said(self.adapter, *texts)


def test_the_next_voice_says_the_whole_segment_that_nobody_heard() -> None:
    one, two = Toy(streaming=True, fails=9), Toy(streaming=True)

    async def scenario() -> None:
        watched = Watched(one, two)
        assert lengths(await watched.said("One", " two", "|", "three")) == [0.2, 0.1]
        assert [change.available for change in watched.changes] == [False]

    run(scenario())
    assert two.heard == ["One", " two", "three"]
    assert one.closed
    assert two.closed


def test_the_next_voice_goes_on_with_the_segments_that_were_not_said() -> None:
    one, two = Toy(streaming=True, fails=9, after=1), Toy(streaming=True)

    async def scenario() -> None:
        assert lengths(await Watched(one, two).said("One", "|", "two", "|", "three")) == [
            *(0.1, 0.1, 0.1)
        ]

    run(scenario())
    assert one.heard[:1] == ["One"]
    assert two.heard == ["two", "three"]


def test_nobody_changes_voice_in_the_middle_of_a_segment() -> None:
    one, two = Toy(streaming=True, fails=9, after=1), Toy(streaming=True)

    with pytest.raises(APIConnectionError):
        run(Watched(one, two).said("One", "two"))
    assert two.heard == []


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "stream"])
def test_voices_that_differ_in_rate_and_ways_come_out_alike(*, whole: bool) -> None:
    slow, fast = Toy(rate=8000, fails=9), Toy(rate=8000, streaming=True)
    high = Toy(rate=24_000, streaming=True, fails=9)

    async def scenario() -> list[SynthesizedAudio]:
        watched = Watched(slow, high, fast)
        assert watched.adapter.sample_rate == 24_000
        if not whole:
            return await watched.said("One")
        async with watched.adapter as adapter, adapter.synthesize("One") as stream:
            return [each async for each in stream]

    speech = run(scenario())

    assert {each.frame.sample_rate for each in speech} == {24_000}
    assert abs(seconds(speech) - 0.1) < 0.001
    assert speech[-1].is_final
    assert [word for each in speech for word in each.words] == [WORD]


def test_a_whole_text_that_breaks_off_is_not_said_by_another() -> None:
    class Breaking(Toy):
        async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
            yield bytes(2 * 500)
            raise APIConnectionError("gone")

    two = Toy()

    async def scenario() -> None:
        async with Watched(Breaking(), two).adapter as adapter:
            await adapter.synthesize("One").collect()

    with pytest.raises(APIConnectionError, match="gone"):
        run(scenario())
    assert two.heard == []


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "stream"])
def test_when_all_voices_fail_all_reasons_are_told(*, whole: bool) -> None:
    async def scenario() -> None:
        watched = Watched(Toy(fails=9), Toy(fails=9, streaming=True))
        async with watched.adapter as adapter:
            adapter.prewarm()
            if whole:
                await adapter.synthesize("One").collect()
            else:
                await said(adapter, "One")

    with pytest.raises(APIConnectionError, match=r"all 2 failed: .*mute"):
        run(scenario())


def test_a_voice_that_works_again_is_found_out() -> None:
    one, two = Toy(fails=2), Toy()

    async def scenario() -> None:
        often = Probing(interval=0.0, longest_interval=0.01, timeout=1.0)
        back = asyncio.Event()
        adapter = FallbackAdapter([one, two], probing=often, max_retry_per_tts=0)
        adapter.on("availability_changed", lambda change: change.available and back.set())
        async with adapter:
            await said(adapter, "One")
            await asyncio.wait_for(back.wait(), 5)

    run(scenario())


def test_voices_that_cannot_stand_in_for_one_another_are_refused() -> None:
    stereo = Toy()
    stereo._num_channels = 2

    for ttss in ([], [Toy(), stereo]):
        with pytest.raises(ValueError, match="no ports, or of ports that differ"):
            FallbackAdapter(ttss)
