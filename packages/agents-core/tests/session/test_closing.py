"""A session ends once, whoever asks, and leaves nothing behind."""

# ruff: noqa: ANN401 - options are handed on as they come

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from parley import Loudspeaker, Microphone, Minutes, run, said, until

from agents_core.agent import Agent
from agents_core.session import AgentSession, AgentState, CloseReason, SessionDeadlines
from agents_core.testing.fakes import Call, FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line
from agents_core.tools import RunContext, function_tool

LONG = "one two three four five six seven eight nine ten"


class Leaver(Agent):
    def __init__(self) -> None:
        super().__init__(instructions="")
        self.left = 0

    async def on_exit(self) -> None:
        self.left += 1


def with_sound(**options: Any) -> tuple[AgentSession[Any], Loudspeaker]:
    options = {"llm": FakeLLM([Line(say=LONG)]), "tts": FakeTTS(), **options}
    session: AgentSession[Any] = AgentSession(stt=FakeSTT(), vad=FakeVAD(), **options)
    loudspeaker = Loudspeaker(pace=4.0)
    session.input.audio, session.output.audio = Microphone(), loudspeaker
    return session, loudspeaker


def test_however_many_ask_it_ends_once() -> None:
    async def work() -> None:
        session, loudspeaker = with_sound()
        minutes, agent = Minutes(session), Leaver()
        await session.start(agent)
        handle = session.generate_reply(user_input="count")
        await until(lambda: loudspeaker.playing)
        session.shutdown()
        await asyncio.gather(*(session.aclose() for _ in range(5)))
        await session.aclose()
        assert handle.interrupted
        assert handle.done()
        assert agent.left == 1
        assert [event.reason for event in minutes.of("close")] == [CloseReason.USER_INITIATED]
        assert minutes.all[-1][0] == "close"
        assert session.agent_state is AgentState.IDLE
        await loudspeaker.aclose()

    run(work())


def test_draining_lets_what_is_said_be_said() -> None:
    async def work() -> None:
        session, loudspeaker = with_sound()
        minutes = Minutes(session)
        await session.start(Agent(instructions=""))
        handle = session.generate_reply(user_input="count")
        session.shutdown(drain=True)
        with pytest.raises(RuntimeError, match="clos"):
            session.say("more")
        await until(lambda: minutes.of("close"))
        assert not handle.interrupted
        assert loudspeaker.text == LONG
        await loudspeaker.aclose()

    run(work())


def test_what_may_not_be_interrupted_is_said_before_the_end() -> None:
    async def work() -> None:
        session, loudspeaker = with_sound()
        await session.start(Agent(instructions=""))
        handle = session.say("a very important word", allow_interruptions=False)
        await until(lambda: loudspeaker.playing)
        await session.aclose()
        assert not handle.interrupted
        assert loudspeaker.text == "a very important word"
        await loudspeaker.aclose()

    run(work())


def test_but_not_for_longer_than_the_deadline() -> None:
    async def work() -> None:
        session, loudspeaker = with_sound(deadlines=SessionDeadlines(drain=0.1))
        await session.start(Agent(instructions=""))
        handle = session.say(LONG, allow_interruptions=False)
        await until(lambda: loudspeaker.playing)
        await session.aclose()
        assert handle.interrupted
        assert len(loudspeaker.text) < len(LONG)
        await loudspeaker.aclose()

    run(work())


def test_what_the_user_said_last_is_kept_though_nobody_answers() -> None:
    async def work() -> None:
        session, loudspeaker = with_sound(min_endpointing_delay=5.0)
        await session.start(Agent(instructions=""))
        microphone = session.input.audio
        assert isinstance(microphone, Microphone)
        minutes = Minutes(session)
        microphone.say("hello")
        await until(lambda: any(e.is_final for e in minutes.of("user_input_transcribed")))
        await session.aclose()
        assert said(session) == ["hello"]
        await loudspeaker.aclose()

    run(work())


def test_a_hook_a_tool_and_a_listener_that_misbehave_hold_up_nothing() -> None:
    begun = asyncio.Event()

    class Stuck(Agent):
        async def on_enter(self) -> None:
            await asyncio.Event().wait()

        async def on_exit(self) -> None:
            await asyncio.Event().wait()

        @function_tool
        async def wait(self) -> None:
            """Never returns."""
            begun.set()
            await asyncio.Event().wait()

    async def work() -> None:
        llm = FakeLLM([Line(calls=(Call(name="wait", arguments={}),))])
        session: AgentSession[Any] = AgentSession(llm=llm, deadlines=SessionDeadlines(hook=0.1))
        minutes = Minutes(session)
        session.on("close", lambda: 1 / 0)
        await session.start(Stuck(instructions=""))
        handle = session.generate_reply(user_input="go")
        await begun.wait()
        await session.aclose()
        assert handle.done()
        assert minutes.of("close")

    run(work(), within=10)


def test_a_tool_may_end_the_session_it_runs_in() -> None:
    @function_tool
    async def hang_up(context: RunContext[None]) -> str:
        """Ends the call."""
        context.session.shutdown()
        return "bye"

    @function_tool
    async def hang_up_and_wait(context: RunContext[None]) -> str:
        """Ends the call, and waits for the end of what it is part of."""
        await context.session.aclose()
        return "never"

    async def work() -> None:
        for tool in (hang_up, hang_up_and_wait):
            llm = FakeLLM([Line(when="go", calls=(Call(name=tool.name, arguments={}),)), Line()])
            session: AgentSession[Any] = AgentSession(llm=llm, tools=[tool])
            minutes = Minutes(session)
            await session.start(Agent(instructions=""))
            _ = session.generate_reply(user_input="go")
            await until(lambda minutes=minutes: minutes.of("close"))

    run(work(), within=15)


def test_a_run_that_is_cut_short_by_the_end_is_over() -> None:
    async def work() -> None:
        session: AgentSession[Any] = AgentSession(llm=FakeLLM([Line(say=LONG)], pace=0.1))
        await session.start(Agent(instructions=""))
        result = session.run(user_input="count")
        await asyncio.sleep(0.05)
        await session.aclose()
        await result
        assert result.done()

    run(work())


def test_a_closed_session_says_so() -> None:
    async def work() -> None:
        session: AgentSession[Any] = AgentSession(llm=FakeLLM())
        await session.aclose()
        with pytest.raises(RuntimeError, match="not started"):
            session.say("x")
        await session.start(Agent(instructions=""))
        with pytest.raises(RuntimeError, match="already"):
            await session.start(Agent(instructions=""))
        await session.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            session.say("x")

    run(work())


def test_a_start_that_fails_leaves_nothing_open() -> None:
    class Broken(FakeVAD):
        def stream(self) -> Any:
            raise OSError("no model")

    async def work() -> None:
        session: AgentSession[Any] = AgentSession(vad=Broken(), llm=FakeLLM())
        minutes = Minutes(session)
        with pytest.raises(OSError, match="no model"):
            await session.start(Agent(instructions=""))
        assert minutes.of("close")[0].reason is CloseReason.ERROR

    run(work())
