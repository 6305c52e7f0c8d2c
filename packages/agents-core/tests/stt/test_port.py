from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

import pytest

from agents_core.audio import AudioFrame, silence
from agents_core.errors import AgentsError, APIConnectionError, APIError, APITimeoutError
from agents_core.metrics import STTMetrics
from agents_core.retry import APIConnectOptions
from agents_core.streams import FLUSH, Flush, Inlet, PortError
from agents_core.stt import (
    STT,
    RecognitionUsage,
    SpeechData,
    SpeechEvent,
    SpeechEventType,
    SpeechStream,
    STTCapabilities,
    TimedWord,
)

R = TypeVar("R")

QUICK = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=5)
Listening = Callable[[Inlet[AudioFrame | Flush]], AsyncGenerator[SpeechEvent]]


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    return asyncio.run(asyncio.wait_for(coroutine, 10))


def final(text: str, start: float = 0.0, end: float = 0.0, **more: object) -> SpeechEvent:
    data = SpeechData(text=text, start_time=start, end_time=end, **more)
    return SpeechEvent(type=SpeechEventType.FINAL_TRANSCRIPT, alternatives=(data,), request_id="r1")


class Scripted(STT):
    """Does in each try what the script says, and keeps what happened."""

    def __init__(
        self, *script: object, sample_rate: int | None = None, streaming: bool = True
    ) -> None:
        super().__init__(
            capabilities=STTCapabilities(streaming=streaming, interim_results=False),
            sample_rate=sample_rate,
        )
        self.script = list(script)
        self.asked: list[Any] = []
        self.metrics: list[STTMetrics] = []
        self.errors: list[PortError] = []
        self.on("metrics_collected", self.metrics.append)
        self.on("error", self.errors.append)

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> SpeechEvent:
        self.asked.append((audio, language, timeout))
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, SpeechEvent) else await answer

    def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        self.asked.append((language, timeout))
        return self.script.pop(0)(audio)


async def lengths(audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[SpeechEvent]:
    """At each flush, a final transcript with the seconds that this connection heard since."""
    start = end = 0.0
    async for value in audio:
        if value is FLUSH:
            yield final(f"{end - start:.1f}", start, end)
            start = end
        elif isinstance(value, AudioFrame):
            end += value.duration


def hearing(seconds: float, *events: SpeechEvent, then: Exception | None = None) -> Listening:
    """Listens that long, then answers and breaks off."""

    async def listen(audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[SpeechEvent]:
        heard = 0.0
        while heard < seconds - 0.001:
            value = await anext(audio)
            heard += value.duration if isinstance(value, AudioFrame) else 0.0
        for event in events:
            yield event
        raise then or APIConnectionError("gone")

    return listen


def say(stream: SpeechStream, seconds: float, rate: int = 16_000) -> None:
    for _ in range(round(seconds / 0.1)):
        stream.push_frame(silence(0.1, sample_rate=rate))


async def events(stream: SpeechStream) -> list[tuple[str, float, float]]:
    async with stream:
        found = [event async for event in stream]
    return [
        (each.text, round(data.start_time, 3), round(data.end_time, 3))
        for each in found
        for data in each.alternatives
    ]


def test_a_whole_recording_reaches_the_vendor_in_one_channel_at_its_rate() -> None:
    stt = Scripted(final("hello"), sample_rate=16_000)

    async def scenario() -> None:
        frames = [silence(0.5, sample_rate=48_000, num_channels=2)] * 2
        event = await stt.recognize(frames, language="de", conn_options=QUICK)
        assert event.text == "hello"

    run(scenario())
    [(audio, language, timeout)] = stt.asked
    assert (audio.sample_rate, audio.num_channels) == (16_000, 1)
    assert abs(audio.duration - 1.0) < 0.001
    assert (language, timeout) == ("de", 5)
    [measured] = stt.metrics
    assert (measured.audio_duration, measured.streamed, measured.request_id) == (1.0, False, "r1")


def test_a_recording_is_tried_again_and_the_errors_told() -> None:
    stt = Scripted(APIConnectionError("no"), final("yes"))

    event = run(stt.recognize(silence(0.1, sample_rate=8000), conn_options=QUICK))

    assert event.text == "yes"
    assert [error.recoverable for error in stt.errors] == [True]
    assert len(stt.metrics) == 1


def test_a_recording_that_nobody_answers_about_is_a_timeout() -> None:
    cancelled = []

    async def never() -> SpeechEvent:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(True)
        raise AssertionError

    stt = Scripted(never())
    options = APIConnectOptions(max_retry=0, timeout=0.01)

    with pytest.raises(APITimeoutError):
        run(stt.recognize(silence(0.1, sample_rate=8000), conn_options=options))
    assert cancelled == [True]
    assert stt.metrics[0].error == "APITimeoutError"


def test_no_recording_is_none_to_recognise() -> None:
    with pytest.raises(ValueError, match="0 kinds"):
        run(Scripted().recognize([]))


def test_a_stream_hands_frames_on_at_the_vendors_rate_and_answers_flushes() -> None:
    stt = Scripted(lengths, sample_rate=16_000)

    async def scenario() -> None:
        stream = stt.stream(language="en", conn_options=QUICK)
        say(stream, 0.5, rate=48_000)
        stream.flush()
        say(stream, 0.3, rate=24_000)
        stream.end_input()
        assert await events(stream) == [("0.5", 0.0, 0.5), ("0.3", 0.5, 0.8)]

    run(scenario())
    assert stt.asked == [("en", 5)]


def test_times_are_on_the_users_clock() -> None:
    word = TimedWord(text="a", start_time=0.1, end_time=0.2)
    stt = Scripted(hearing(0.1, final("a", 0.1, 0.2, words=(word,)), then=ValueError("end")))

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        stream.start_time_offset = 5.0
        assert stream.start_time_offset == 5.0
        say(stream, 0.1)
        async with stream:
            event = await anext(stream)
        assert event.alternatives[0].start_time == 5.1
        assert event.alternatives[0].words[0].end_time == 5.2

    run(scenario())


def test_a_service_without_times_goes_on_without() -> None:
    stt = Scripted(hearing(0.1, final("a"), then=ValueError("end")))

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        stream.start_time_offset = 5.0
        say(stream, 0.1)
        async with stream:
            assert (await anext(stream)).alternatives[0].end_time == 0.0

    run(scenario())


def test_another_connection_hears_again_what_no_final_transcript_has_covered() -> None:
    stt = Scripted(hearing(0.5, final("one", 0.0, 0.5)), hearing(0.3), lengths)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 1.0)
        stream.end_input()
        assert await events(stream) == [("one", 0.0, 0.5), ("0.5", 0.5, 1.0)]

    run(scenario())
    assert len(stt.errors) == 2


def test_an_hour_of_silence_is_not_heard_again() -> None:
    stt = Scripted(hearing(15.0), lengths)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 15.0)
        stream.end_input()
        assert await events(stream) == [("10.0", 5.0, 15.0)]

    run(scenario())


def test_what_was_heard_again_and_lost_again_is_heard_a_third_time() -> None:
    stt = Scripted(hearing(6.0), hearing(6.0), lengths)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 8.0)
        stream.end_input()
        assert await events(stream) == [("8.0", 0.0, 8.0)]

    run(scenario())


def test_a_final_transcript_makes_up_for_the_failures_before_it() -> None:
    script = [hearing(0.1, final("x", 0.0, 0.1)) for _ in range(8)]
    stt = Scripted(*script, lengths)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 0.8)
        stream.end_input()
        assert [text for text, _, _ in await events(stream)] == [*["x"] * 8, "0.0"]

    run(scenario())


def test_a_connection_that_is_refused_again_and_again_is_given_up() -> None:
    stt = Scripted(*[hearing(0.0)] * 3)

    with pytest.raises(APIConnectionError, match="after 3 attempts"):
        run(events_of(stt))


async def events_of(stt: STT) -> list[tuple[str, float, float]]:
    stream = stt.stream(conn_options=QUICK)
    return await events(stream)


def test_sound_is_counted_at_final_transcripts_and_at_the_end() -> None:
    async def listen(audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[SpeechEvent]:
        async for value in audio:
            if value is FLUSH:
                yield final("x")
                break
        async for _ in audio:
            pass

    stt = Scripted(listen)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 1.0)
        stream.flush()
        await asyncio.sleep(0.01)
        say(stream, 0.5)
        stream.end_input()
        await events(stream)

    run(scenario())
    assert [round(each.audio_duration, 3) for each in stt.metrics] == [1.0, 0.5]
    assert all(each.streamed for each in stt.metrics)


def test_what_the_service_counts_is_counted_once() -> None:
    """Also where the core counted already, as the service told only afterwards."""

    def usage(seconds: float) -> SpeechEvent:
        return SpeechEvent(
            type=SpeechEventType.RECOGNITION_USAGE,
            usage=RecognitionUsage(audio_duration=seconds),
        )

    async def listen(audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[SpeechEvent]:
        async for value in audio:
            if value is FLUSH:
                yield final("x")
        yield usage(0.6)
        yield usage(1.4)

    stt = Scripted(listen)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 1.0)
        stream.end_input()
        await events(stream)

    run(scenario())
    assert [round(each.audio_duration, 3) for each in stt.metrics] == [1.0, 1.0]


def test_who_cannot_stream_says_what_can_be_done() -> None:
    async def scenario() -> None:
        Scripted(streaming=False).stream()

    with pytest.raises(AgentsError, match=r"agents_core\.adapters\.stt\.StreamAdapter"):
        run(scenario())


def test_what_a_vendor_has_not_written_is_said_and_not_tried_again() -> None:
    class Half(STT):
        pass

    capabilities = STTCapabilities(streaming=True, interim_results=False)

    with pytest.raises(AgentsError, match="does not recognise whole recordings"):
        run(Half(capabilities=capabilities).recognize(silence(0.1, sample_rate=8000)))
    with pytest.raises(AgentsError, match="does not stream"):
        run(events_of(Half(capabilities=capabilities)))


def test_an_error_event_names_the_port() -> None:
    stt = Scripted(hearing(0.0, then=APIError("bad", retryable=False)))

    with pytest.raises(APIError, match="bad"):
        run(events_of(stt))
    assert stt.errors[0].label.endswith("test_port.Scripted")
    assert stt.capabilities.streaming
    assert stt.sample_rate is None


def test_what_was_read_after_the_end_of_a_final_transcript_is_heard_again() -> None:
    """A service answers some time after it heard: what was said meanwhile is not in the answer."""
    stt = Scripted(hearing(0.8, final("one", 0.0, 0.5)), lengths)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 1.0)
        stream.end_input()
        assert await events(stream) == [("one", 0.0, 0.5), ("0.5", 0.5, 1.0)]

    run(scenario())


def test_a_final_transcript_without_times_covers_all_that_was_read() -> None:
    stt = Scripted(hearing(0.8, final("one")), lengths)

    async def scenario() -> None:
        stream = stt.stream(conn_options=QUICK)
        say(stream, 1.0)
        stream.end_input()
        assert [text for text, _, _ in await events(stream)] == ["one", "0.2"]

    run(scenario())
