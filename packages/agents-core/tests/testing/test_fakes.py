"""What the fakes do beyond their ports: scripts, faults and times that a test chooses."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from agents_core.audio import AudioFrame, combine, silence
from agents_core.chat import ChatContext, FunctionCallOutput
from agents_core.errors import APIConnectionError, APIError, APIStatusError
from agents_core.realtime import GenerationCreatedEvent
from agents_core.retry import APIConnectOptions
from agents_core.stt import SpeechEvent, SpeechEventType
from agents_core.testing.conversing import said_in
from agents_core.testing.fakes import (
    Call,
    FakeLLM,
    FakeRealtimeModel,
    FakeSTT,
    FakeTTS,
    FakeVAD,
    FakeVendor,
    Line,
    Said,
)
from agents_core.testing.feeding import cut_sound
from agents_core.testing.running import run
from agents_core.testing.tones import read, speak
from agents_core.testing.watching import until
from agents_core.vad import VADEventType

ONCE = APIConnectOptions(max_retry=0)
SOON = APIConnectOptions(max_retry=1, retry_interval=0.0)


def asking(words: str) -> ChatContext:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="user", content=words)
    return chat_ctx


async def answer(llm: FakeLLM, words: str) -> str:
    return (await llm.chat(chat_ctx=asking(words), conn_options=ONCE).collect()).text


async def listen(stt: FakeSTT, sound: AudioFrame) -> Sequence[SpeechEvent]:
    async with stt.stream(conn_options=ONCE) as stream:
        for frame in cut_sound(sound, samples=160):
            stream.push_frame(frame)
        stream.end_input()
        return [event async for event in stream]


def test_a_model_answers_the_first_line_that_applies() -> None:
    llm = FakeLLM(
        [
            Line(when="(?i)weather", say="Sunny."),
            Line(when="^sunny$", say="The sun is out."),
            Line(when="hello", say="Hello!", times=1),
            Line(when="hello", say="Hello again!"),
        ]
    )

    async def work() -> list[str]:
        return [await answer(llm, words) for words in ("The Weather?", "hello", "hello", "what?")]

    assert run(work()) == ["Sunny.", "Hello!", "Hello again!", "what?"]


def test_a_model_calls_tools_and_answers_what_they_said() -> None:
    call = Call(name="get_weather", arguments={"city": "Ulm"})
    llm = FakeLLM([Line(when="weather", calls=(call,), say="Let me look.")])

    async def work() -> tuple[str, str, str]:
        response = await llm.chat(chat_ctx=asking("the weather"), conn_options=ONCE).collect()
        [made] = response.tool_calls
        return response.text, made.name, made.arguments

    assert run(work()) == ("Let me look.", "get_weather", '{"city": "Ulm"}')


def test_a_model_fails_as_its_script_says_and_then_goes_on() -> None:
    llm = FakeLLM([Line(error=APIStatusError("busy", status_code=503), times=1), Line(say="Here.")])

    async def work() -> str:
        with pytest.raises(APIStatusError, match="busy"):
            await answer(llm, "hello")
        return await answer(llm, "hello")

    assert run(work()) == "Here."


def test_a_model_takes_its_time_where_it_is_told_to() -> None:
    llm = FakeLLM([Line(say="one two three", delay=0.1)], pace=0.05)
    began = time.monotonic()

    assert run(answer(llm, "count")) == "one two three"
    assert time.monotonic() - began >= 0.2


def test_a_recogniser_follows_its_script() -> None:
    stt = FakeSTT([Said(text="hello", after=0.5, interim=("hel",)), Said(text="bye")])

    events = run(listen(stt, silence(1.0, sample_rate=16000)))

    said = [(event.type.value, event.text) for event in events if event.text]
    assert said == [
        ("interim_transcript", "hel"),
        ("final_transcript", "hello"),
        ("final_transcript", "bye"),
    ]
    first = next(e for e in events if e.type is SpeechEventType.FINAL_TRANSCRIPT).alternatives[0]
    assert first.end_time == pytest.approx(0.5)


def test_a_script_goes_on_from_one_recording_to_the_next() -> None:
    stt = FakeSTT([Said(text="one"), Said(text="two")])

    async def work() -> list[str]:
        sound = silence(0.1, sample_rate=16000)
        return [(await stt.recognize(sound, conn_options=ONCE)).text for _ in range(3)]

    assert run(work()) == ["one", "two", ""]


def test_a_recogniser_understands_what_a_voice_says() -> None:
    async def work() -> str:
        sound = await FakeTTS(sample_rate=48000).synthesize("Grüezi!", conn_options=ONCE).collect()
        return (await FakeSTT().recognize(sound, conn_options=ONCE)).text

    assert run(work()) == "Grüezi!"


def test_a_voice_keeps_the_pace_it_is_told() -> None:
    async def work() -> float:
        began = time.monotonic()
        frame = await FakeTTS(pace=1.0).synthesize("hello", conn_options=ONCE).collect()
        return time.monotonic() - began - frame.duration

    assert run(work()) > -0.05


def test_a_fault_meets_the_next_request_alone() -> None:
    vendor = FakeVendor()
    tts = FakeTTS(vendor=vendor)
    vendor.fail(APIConnectionError("away"))

    async def work() -> str:
        sound = await tts.synthesize("here", conn_options=SOON).collect()
        return read([sound])[0].text

    assert run(work()) == "here"
    assert vendor.requests() == 2


def test_an_error_of_any_kind_can_be_asked_for() -> None:
    vendor = FakeVendor()
    vendor.fail(ZeroDivisionError("a bug"), when="answering")

    with pytest.raises(ZeroDivisionError, match="a bug"):
        run(answer(FakeLLM(vendor=vendor), "hello"))


def test_a_detector_has_the_durations_that_it_is_told() -> None:
    vad = FakeVAD(min_speech_duration=0.2, min_silence_duration=0.1, prefix_padding_duration=0.05)
    quiet = silence(0.5, sample_rate=16000)
    sound = combine([quiet, speak("a word", sample_rate=16000), quiet])

    async def work() -> list[tuple[str, float]]:
        async with vad.stream() as stream:
            for frame in cut_sound(sound, samples=160):
                stream.push_frame(frame)
            stream.end_input()
            return [
                (event.type.value, event.timestamp)
                async for event in stream
                if event.type is not VADEventType.INFERENCE_DONE
            ]

    spoken = len("a word") * 0.04
    assert run(work()) == [
        ("start_of_speech", pytest.approx(0.7, abs=0.02)),
        ("end_of_speech", pytest.approx(0.5 + spoken + 0.1, abs=0.02)),
    ]


def test_a_turn_is_committed_where_the_model_does_not_detect_it() -> None:
    model = FakeRealtimeModel([Line(when="hello", say="Good day.")], turn_detection=False)

    async def work() -> str:
        async with model.session() as session:
            session.push_audio(speak("hello", sample_rate=24000))
            session.commit_audio()
            event = await session.generate_reply()
            return (await said_in(event)).text

    assert run(work()) == "Good day."


def test_what_was_heard_can_be_cleared() -> None:
    model = FakeRealtimeModel([Line(when="hello", say="Good day.")], turn_detection=False)

    async def work() -> int:
        async with model.session() as session:
            session.push_audio(speak("hello", sample_rate=24000))
            session.clear_audio()
            session.commit_audio()
            return len(session.chat_ctx)

    assert run(work()) == 0


def test_a_realtime_model_answers_a_tool_by_itself_where_it_is_told_to() -> None:
    model = FakeRealtimeModel(auto_tool_reply_generation=True)

    async def work() -> str:
        created: list[GenerationCreatedEvent] = []
        async with model.session() as session:
            session.on("generation_created", created.append)
            chat_ctx = session.chat_ctx
            chat_ctx.items.append(_output("It is sunny."))
            await session.update_chat_ctx(chat_ctx)
            await until(lambda: created, "an answer", within=5)
            return (await said_in(created[0])).text

    assert run(work()) == "It is sunny."


def test_a_realtime_model_without_a_voice_writes_only() -> None:
    async def work() -> tuple[str, int]:
        async with FakeRealtimeModel(audio_output=False).session() as session:
            told = await said_in(await session.generate_reply(instructions="hello"))
            return told.text, len(b"".join(frame.data for frame in told.sound))

    assert run(work()) == ("hello", 0)


def test_a_reply_of_a_script_that_fails_is_an_error_of_the_reply() -> None:
    model = FakeRealtimeModel([Line(error=APIError("no"), times=1)])

    async def work() -> str:
        async with model.session() as session:
            with pytest.raises(APIError, match="no"):
                await session.generate_reply(instructions="hello")
            return (await said_in(await session.generate_reply(instructions="hello"))).text

    assert run(work()) == "hello"


def _output(text: str) -> FunctionCallOutput:
    return FunctionCallOutput(call_id="1", name="tool", output=text, is_error=False)
