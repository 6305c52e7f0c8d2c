"""A conversation with a model that hears and speaks by itself."""

# ruff: noqa: ANN401 - options are handed on as they come

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from parley import Loudspeaker, Microphone, Minutes, run, said, until
from realtime_stub import Answer, StubModel, StubSession

from agents_core.agent import Agent
from agents_core.chat import FunctionCall
from agents_core.errors import APIError
from agents_core.session import AgentSession, CloseReason, SessionConnectOptions, SessionDeadlines
from agents_core.streams import PortError
from agents_core.testing.fakes import Call, FakeRealtimeModel, FakeVAD
from agents_core.testing.fakes import Line as Scripted
from agents_core.tools import function_tool

LONG = "one two three four five six seven eight nine ten"


@function_tool
async def look_up() -> str:
    """Looks something up."""
    return "found"


@dataclass
class Line:
    session: AgentSession[Any]
    remote: StubSession
    microphone: Microphone
    loudspeaker: Loudspeaker
    minutes: Minutes


@contextlib.asynccontextmanager
async def on_the_line(model: StubModel, **options: Any) -> AsyncIterator[Line]:
    session: AgentSession[Any] = AgentSession(llm=model, tools=[look_up], **options)
    microphone, loudspeaker = Microphone(pace=4.0), Loudspeaker(pace=4.0)
    session.input.audio, session.output.audio = microphone, loudspeaker
    minutes = Minutes(session)
    await session.start(Agent(instructions="Be kind."))
    try:
        yield Line(session, model.live, microphone, loudspeaker, minutes)
    finally:
        await session.aclose()
        await loudspeaker.aclose()
        assert model.live.closed


def test_the_model_is_told_who_it_is_and_hears_the_user() -> None:
    async def work() -> None:
        async with on_the_line(StubModel()) as line:
            await until(lambda: line.remote.heard > 0.05)
            assert line.remote.instructions == "Be kind."
            assert ("tools", ["look_up"]) in line.remote.log
            await line.session.current_agent.update_instructions("Be brief.")
            assert line.remote.instructions == "Be brief."

    run(work())


def test_what_the_model_says_by_itself_is_heard_and_remembered() -> None:
    async def work() -> None:
        async with on_the_line(StubModel()) as line:
            line.remote.user_speaks()
            line.remote.user_stops("hi")
            line.remote.answers_by_itself(Answer("hello"))
            await until(lambda: said(line.session) == ["hi", "hello"])
            assert line.loudspeaker.text == "hello"
            [event] = line.minutes.of("user_input_transcribed")
            assert (event.transcript, event.is_final) == ("hi", True)

    run(work())


def test_the_model_is_asked_for_a_reply_with_what_was_written() -> None:
    async def work() -> None:
        async with on_the_line(StubModel(Answer("hello"))) as line:
            await line.session.generate_reply(user_input="hi", instructions="wave")
            assert line.remote.asked == ["wave"]
            assert [m.text_content for m in line.remote.chat_ctx.messages()] == ["hi"]
            assert said(line.session) == ["hi", "hello"]

    run(work())


def test_a_user_who_speaks_cuts_the_model_short_and_it_is_told_how_much_was_heard() -> None:
    async def work() -> None:
        async with on_the_line(StubModel(Answer(LONG))) as line:
            handle = line.session.generate_reply()
            await until(lambda: line.loudspeaker.playing)
            await asyncio.sleep(0.1)
            line.remote.user_speaks()
            await handle
            assert handle.interrupted
            assert "interrupt" in line.remote.log
            [(_, message, milliseconds, transcript)] = [
                entry for entry in line.remote.log if entry[0] == "truncate"
            ]
            assert message == "message_1"
            assert milliseconds == round(line.loudspeaker.positions[0] * 1000)
            assert LONG.startswith(transcript)
            assert transcript != LONG
            line.remote.user_stops("stop")
            assert said(line.session, "user") == ["stop"]

    run(work())


def test_a_tool_is_called_and_the_model_asked_again() -> None:
    async def work() -> None:
        call = FunctionCall(call_id="c1", name="look_up", arguments="{}")
        model = StubModel(Answer("one moment", call), Answer("here it is"))
        async with on_the_line(model) as line:
            result = await line.session.run(user_input="look")
            expect = result.expect
            expect.next_event().is_message(text="one moment")
            expect.next_event().is_function_call(name="look_up")
            expect.next_event().is_function_call_output(output="found")
            expect.next_event().is_message(text="here it is")
            expect.no_more_events()
            outputs = [getattr(item, "output", None) for item in line.remote.chat_ctx.items]
            assert "found" in outputs

    run(work())


def test_turns_are_detected_here_where_the_model_does_not() -> None:
    async def work() -> None:
        model = StubModel(Answer("yes"), turn_detection=False)
        options = {"vad": FakeVAD(min_silence_duration=0.1), "min_endpointing_delay": 0.05}
        async with on_the_line(model, **options) as line:
            line.microphone.say("hello")
            await until(lambda: said(line.session) == ["yes"])
            assert line.remote.log.count("commit") == 1

    run(work())


def test_a_model_that_does_not_begin_to_answer_fails_the_speech() -> None:
    async def work() -> None:
        deadlines = SessionDeadlines(realtime_reply=0.1)
        async with on_the_line(StubModel(), deadlines=deadlines) as line:
            handle = line.session.generate_reply()
            await handle
            assert isinstance(handle.exception(), TimeoutError)

    run(work())


def test_a_model_that_fails_too_often_closes_the_session() -> None:
    async def work() -> None:
        options = SessionConnectOptions(max_unrecoverable_errors=0)
        async with on_the_line(StubModel(), conn_options=options) as line:
            error = APIError("gone", retryable=False)
            line.remote.emit("error", PortError(label="x", error=error, recoverable=True))
            assert line.minutes.of("close") == []
            line.remote.emit("error", PortError(label="x", error=error, recoverable=False))
            await until(lambda: line.minutes.of("close"))
            assert line.minutes.of("close")[0].reason is CloseReason.ERROR
            assert [event.recoverable for event in line.minutes.of("error")] == [True, False]

    run(work())


def test_what_may_not_be_interrupted_is_not_by_the_model_either() -> None:
    async def work() -> None:
        async with on_the_line(StubModel(Answer(LONG))) as line:
            handle = line.session.generate_reply(allow_interruptions=False)
            await until(lambda: line.loudspeaker.playing)
            line.remote.user_speaks()
            await handle
            assert not handle.interrupted

    run(work())


def test_text_alone_needs_no_sound() -> None:
    async def work() -> None:
        model = StubModel(Answer("hello"))
        session: AgentSession[Any] = AgentSession(llm=model)
        await session.start(Agent(instructions=""))
        await session.run(user_input="hi")
        assert said(session) == ["hi", "hello"]
        await session.aclose()

    run(work())


def test_a_text_of_ones_own_needs_a_voice() -> None:
    async def work() -> None:
        async with on_the_line(StubModel()) as line:
            await line.session.say("shown alone")
            assert line.loudspeaker.played == []
            with pytest.raises(RuntimeError, match="leads no session"):
                _ = Agent(instructions="").session

    run(work())


def test_a_conversation_in_tones_with_a_model_that_hears_them() -> None:
    async def work() -> None:
        call = Call(name="look_up", arguments={})
        lines = [Scripted(when="find", calls=(call,)), Scripted(when="found", say=LONG)]
        session: AgentSession[Any] = AgentSession(llm=FakeRealtimeModel(lines), tools=[look_up])
        microphone, loudspeaker = Microphone(pace=2.0), Loudspeaker(pace=2.0)
        session.input.audio, session.output.audio = microphone, loudspeaker
        await session.start(Agent(instructions=""))
        microphone.say("find it")
        await until(lambda: loudspeaker.playing)
        microphone.say("stop")
        await until(lambda: "stop" in said(session, "user"))
        await until(lambda: said(session, "assistant")[-1:] == ["stop"])
        [first, *_] = [m for m in session.history.messages() if m.role == "assistant"]
        assert first.interrupted
        assert LONG.startswith(first.text_content or "?")
        assert said(session, "user") == ["find it", "stop"]
        await session.aclose()
        await loudspeaker.aclose()

    run(work())
