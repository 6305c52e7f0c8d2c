from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.audio import combine
from agents_core.errors import AgentsError, APIConnectionError, APIError
from agents_core.metrics import TTSMetrics
from agents_core.retry import APIConnectOptions
from agents_core.streams import FLUSH, EventStream, Flush, Inlet, PortError
from agents_core.tts import (
    TTS,
    RequestId,
    SegmentEnd,
    Spoken,
    SynthesizedAudio,
    SynthesizeStream,
    TimedWord,
    TTSCapabilities,
    TTSPart,
    Words,
)

R = TypeVar("R")

QUICK = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=5)
RATE = 1000
HELLO = TimedWord(text="hello", start_time=0.0, end_time=0.1)


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    return asyncio.run(asyncio.wait_for(coroutine, 10))


def sound(text: str) -> bytes:
    """Two samples for each character, which are its code."""
    return b"".join(ord(character).to_bytes(2, "little") * 2 for character in text)


def text_of(speech: list[SynthesizedAudio]) -> str:
    data = combine(each.frame for each in speech).data if speech else b""
    return "".join(
        chr(int.from_bytes(data[at : at + 2], "little")) for at in range(0, len(data), 4)
    )


class Scripted(TTS):
    """Does in each try what the script says."""

    def __init__(
        self, *script: Callable[[Any], AsyncGenerator[TTSPart]], streaming: bool = True
    ) -> None:
        super().__init__(capabilities=TTSCapabilities(streaming=streaming), sample_rate=RATE)
        self.script = list(script)
        self.asked: list[Any] = []
        self.metrics: list[TTSMetrics] = []
        self.errors: list[PortError] = []
        self.on("metrics_collected", self.metrics.append)
        self.on("error", self.errors.append)

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        self.asked.append((text, timeout))
        return self.script.pop(0)(text)

    def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        self.asked.append(timeout)
        return self.script.pop(0)(text)


def parts(
    *given_parts: TTSPart, then: Exception | None = None
) -> Callable[[object], AsyncGenerator[TTSPart]]:
    async def generate(_: object) -> AsyncGenerator[TTSPart]:
        for part in given_parts:
            yield part
        if then is not None:
            raise then

    return generate


async def spelling(text: Inlet[str | Flush]) -> AsyncGenerator[TTSPart]:
    """Says what it reads, as it comes."""
    async for piece in text:
        yield SegmentEnd() if isinstance(piece, Flush) else sound(piece)


async def speech_of(stream: EventStream[SynthesizedAudio]) -> list[SynthesizedAudio]:
    async with stream:
        return [speech async for speech in stream]


def segments(speech: list[SynthesizedAudio]) -> list[str]:
    ids = list(dict.fromkeys(each.segment_id for each in speech))
    return [text_of([each for each in speech if each.segment_id == name]) for name in ids]


async def said(tts: TTS, *texts: str) -> list[SynthesizedAudio]:
    """With a flush at each "|"."""
    stream = tts.stream(conn_options=QUICK)
    push(stream, *texts)
    stream.end_input()
    return await speech_of(stream)


def push(stream: SynthesizeStream, *texts: str) -> None:
    for text in texts:
        if text == "|":
            stream.flush()
        else:
            stream.push_text(text)


@pytest.mark.property
@given(cuts=st.lists(st.integers(min_value=0, max_value=241), max_size=6))
def test_however_a_vendor_cuts_its_bytes_all_of_them_are_heard(cuts: list[int]) -> None:
    data = sound("a" * 30 + "b" * 30) + b"\x01"
    edges = [0, *sorted(cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    tts = Scripted(parts(*pieces))

    speech = run(_collect_speech(tts))

    assert text_of(speech) == "a" * 30 + "b" * 30
    assert [each.is_final for each in speech] == [False] * (len(speech) - 1) + [True]
    assert all(each.frame.duration <= 0.2 for each in speech)


async def _collect_speech(tts: TTS, text: str = "hello") -> list[SynthesizedAudio]:
    return await speech_of(tts.synthesize(text, conn_options=QUICK))


def test_a_sound_shorter_than_a_frame_is_heard() -> None:
    [only] = run(_collect_speech(Scripted(parts(sound("x")))))

    assert text_of([only]) == "x"
    assert only.is_final


def test_a_whole_text_is_one_frame_for_who_wants_it() -> None:
    async def scenario() -> None:
        stream = Scripted(parts(sound("abc"), sound("def"))).synthesize("abcdef")
        assert stream.input_text == "abcdef"
        frame = await stream.collect()
        assert frame.data == sound("abcdef")

    run(scenario())


@pytest.mark.parametrize("text", ["", "  \n"], ids=["empty", "blank"])
def test_a_blank_text_is_answered_without_a_request(text: str) -> None:
    tts = Scripted()

    async def scenario() -> None:
        assert (await tts.synthesize(text).collect()).duration == 0
        assert await said(tts, text, "|", text) == []

    run(scenario())
    assert tts.asked == []
    assert tts.metrics == []


def test_a_failure_before_the_first_sound_is_tried_again() -> None:
    tts = Scripted(parts(Spoken("x"), then=APIConnectionError("no")), parts(sound("hello")))

    speech = run(_collect_speech(tts))

    assert text_of(speech) == "hello"
    assert all(each.delta_text == "" for each in speech), "of the void try nothing is left"
    assert len(tts.errors) == 1
    [measured] = tts.metrics
    assert (measured.characters_count, measured.error) == (5, None)


def test_sound_of_a_void_try_that_nobody_heard_is_never_heard() -> None:
    tts = Scripted(parts(sound("xx"), then=APIConnectionError("no")), parts(sound("hello")))

    assert text_of(run(_collect_speech(tts))) == "hello"


def test_after_a_sound_was_heard_a_failure_is_final() -> None:
    tts = Scripted(parts(sound("hello" * 20), then=APIConnectionError("gone")))
    heard: list[SynthesizedAudio] = []

    async def scenario() -> None:
        async with tts.synthesize("hello", conn_options=QUICK) as stream:
            async for speech in stream:
                heard.append(speech)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(APIConnectionError, match=r"^gone$"):
        run(scenario())
    assert text_of(heard)
    assert len(tts.asked) == 1
    assert tts.metrics[0].error == "APIConnectionError"


def test_no_sound_for_a_text_is_a_failure_and_for_mere_dots_is_none() -> None:
    with pytest.raises(APIConnectionError, match="no sound came for 5 characters"):
        run(_collect_speech(Scripted(*[parts()] * 3)))
    assert run(_collect_speech(Scripted(parts()), "...")) == []


def test_facts_ride_on_the_frames() -> None:
    tts = Scripted(
        parts(RequestId("r7"), Spoken("hel"), Spoken("lo"), sound("hello" * 9), Words((HELLO,)))
    )

    speech = run(_collect_speech(tts))

    assert {each.request_id for each in speech} == {"r7"}
    assert [each.delta_text for each in speech] == ["hello", *[""] * (len(speech) - 1)]
    assert [each.words for each in speech] == [*[()] * (len(speech) - 1), (HELLO,)]


def test_words_whose_times_cannot_be_are_dropped() -> None:
    nan, endless = float("nan"), float("inf")
    times = ((-0.1, 0.2), (0.3, 0.2), (nan, 0.2), (0.1, nan), (0.1, endless))
    odd = tuple(TimedWord(text="odd", start_time=a, end_time=b) for a, b in times)
    tts = Scripted(parts(sound("hello" * 9), Words((*odd, HELLO))))

    speech = run(_collect_speech(tts))

    assert [word for each in speech for word in each.words] == [HELLO]


def test_what_ends_a_segment_is_one_answer_of_a_whole_text() -> None:
    tts = Scripted(parts(sound("abc"), SegmentEnd(), sound("def"), SegmentEnd()))

    speech = run(_collect_speech(tts))

    assert segments(speech) == ["abcdef"]
    assert [each.is_final for each in speech][-1:] == [True]


def test_segments_of_a_stream_end_where_the_user_flushed() -> None:
    tts = Scripted(spelling)

    speech = run(said(tts, "he", "llo", "|", "|", " ", "you", " ", "there", "|", "  "))

    assert segments(speech) == ["hello", "you there"]
    assert sum(each.is_final for each in speech) == 2
    assert [(each.characters_count, each.streamed) for each in tts.metrics] == [
        (5, True),
        (9, True),
    ]
    assert all(each.ttfb is not None and each.ttfb <= each.duration for each in tts.metrics)
    assert [each.audio_duration for each in tts.metrics] == [0.01, 0.018]


def test_a_last_segment_that_the_vendor_does_not_end_is_ended_by_its_return() -> None:
    async def without_ends(text: Inlet[str | Flush]) -> AsyncGenerator[TTSPart]:
        async for piece in text:
            if isinstance(piece, str):
                yield sound(piece)

    speech = run(said(Scripted(without_ends), "hello"))

    assert segments(speech) == ["hello"]
    assert speech[-1].is_final


def test_a_second_try_says_the_segments_that_were_not_said() -> None:
    async def one_segment(text: Inlet[str | Flush]) -> AsyncGenerator[TTSPart]:
        async for piece in text:
            if piece is FLUSH:
                yield SegmentEnd()
                break
            yield sound(str(piece))
        await anext(text)
        raise APIConnectionError("idle too long")

    tts = Scripted(one_segment, spelling)
    speech = run(said(tts, "one", "|", "two", "|", "three"))

    assert segments(speech) == ["one", "two", "three"]
    assert len(tts.asked) == 2
    assert [each.characters_count for each in tts.metrics] == [3, 3, 5]


def test_a_segment_that_was_heard_in_part_is_not_said_twice() -> None:
    async def breaking(text: Inlet[str | Flush]) -> AsyncGenerator[TTSPart]:
        yield sound(str(await anext(text)))
        raise APIConnectionError("gone")

    tts = Scripted(breaking)

    with pytest.raises(APIConnectionError, match=r"^gone$"):
        run(said(tts, "hello" * 20))
    assert tts.metrics[0].error == "APIConnectionError"


def test_a_segment_without_a_sound_is_a_failure() -> None:
    async def mute(text: Inlet[str | Flush]) -> AsyncGenerator[TTSPart]:
        async for piece in text:
            if piece is FLUSH:
                yield SegmentEnd()

    with pytest.raises(APIConnectionError, match="no sound came for 5 characters"):
        run(said(Scripted(mute, mute, mute), "hello"))
    assert run(said(Scripted(mute), "?!")) == []


def test_an_interrupted_segment_is_measured_as_cancelled() -> None:
    async def slow(text: Inlet[str | Flush]) -> AsyncGenerator[TTSPart]:
        yield sound(str(await anext(text)) * 20)
        await asyncio.Event().wait()

    tts = Scripted(slow)

    async def scenario() -> None:
        stream = tts.stream(conn_options=QUICK)
        stream.push_text("hello")
        await anext(stream)
        await stream.aclose()

    run(scenario())
    [measured] = tts.metrics
    assert (measured.cancelled, measured.characters_count) == (True, 5)


def test_who_cannot_stream_says_what_can_be_done() -> None:
    async def scenario() -> None:
        Scripted(streaming=False).stream()

    with pytest.raises(AgentsError, match=r"agents_core\.adapters\.tts\.StreamAdapter"):
        run(scenario())


def test_who_can_only_stream_says_whole_texts_too() -> None:
    class Streaming(TTS):
        def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
            return spelling(text)

    capabilities = TTSCapabilities(streaming=True)
    tts = Streaming(capabilities=capabilities, sample_rate=RATE)

    async def scenario() -> bytes:
        return (await tts.synthesize("hello").collect()).data

    assert run(scenario()) == sound("hello")
    assert (tts.sample_rate, tts.num_channels, tts.capabilities) == (RATE, 1, capabilities)


def test_what_a_vendor_has_not_written_is_said_and_not_tried_again() -> None:
    class Nothing(TTS):
        pass

    tts = Nothing(capabilities=TTSCapabilities(streaming=True), sample_rate=RATE)

    with pytest.raises(AgentsError, match="neither _speak nor _synthesize"):
        run(_collect_speech(tts))


def test_an_error_in_a_part_is_an_error_of_the_stream() -> None:
    tts = Scripted(parts(then=APIError("bad voice", retryable=False)))

    with pytest.raises(APIError, match="bad voice"):
        run(_collect_speech(tts))
