"""What comes at the wrong moment costs no turn, and says nothing twice."""

# ruff: noqa: ANN401 - options are handed on as they come, and overrides take what they get

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from parley import Loudspeaker, Microphone, Minutes, run, said, started, until
from realtime_stub import Answer, StubModel, StubSession

from agents_core.agent import Agent
from agents_core.chat import ChatContext, FunctionCall, FunctionCallOutput
from agents_core.session import AgentSession, SessionDeadlines
from agents_core.testing.fakes import Call, FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line
from agents_core.tools import RunContext, function_tool

LONG = "one two three four five six seven eight nine ten"


def with_voice(llm: FakeLLM, **options: Any) -> tuple[AgentSession[Any], Loudspeaker, Microphone]:
    options = {"min_endpointing_delay": 0.1, "tts": FakeTTS(), **options}
    session: AgentSession[Any] = AgentSession(llm=llm, stt=FakeSTT(), vad=FakeVAD(), **options)
    loudspeaker, microphone = Loudspeaker(pace=4.0), Microphone(pace=4.0)
    session.input.audio, session.output.audio = microphone, loudspeaker
    return session, loudspeaker, microphone


def test_an_interruption_can_be_awaited_as_carried_over_code_does() -> None:
    async def work() -> None:
        session, loudspeaker, _ = with_voice(FakeLLM([Line(say=LONG)]))
        async with started(session, Agent(instructions="")):
            handle = session.generate_reply(user_input="count")
            await until(lambda: loudspeaker.playing)
            await session.interrupt()
            assert handle.done()
            other = session.say(LONG)
            await other.interrupt()
            assert other.done()
            session.interrupt()
        await loudspeaker.aclose()

    run(work())


def test_who_led_last_can_be_asked_for_when_all_is_over() -> None:
    async def work() -> None:
        agent = Agent(instructions="")
        session: AgentSession[Any] = AgentSession(llm=FakeLLM())
        seen = []
        session.on("close", lambda _: seen.append(session.current_agent))
        async with started(session, agent):
            pass
        assert seen == [agent]
        assert session.current_agent is agent

    run(work())


def test_an_agent_may_change_itself_while_it_leaves() -> None:
    class Forgetful(Agent):
        forgot = False

        async def on_exit(self) -> None:
            await self.update_chat_ctx(ChatContext())
            await self.update_instructions("none")
            self.forgot = True

    async def work() -> None:
        agent = Forgetful(instructions="")
        async with started(AgentSession(llm=FakeLLM()), agent):
            pass
        assert agent.forgot

    run(work())


def test_an_answer_begun_early_by_one_agent_is_not_given_by_the_next() -> None:
    class Named(Agent):
        leaves = asyncio.Event()

        async def on_exit(self) -> None:
            await self.leaves.wait()

        async def llm_node(self, *_: Any) -> AsyncIterator[str]:
            yield f"{self.id} says so"

    async def work() -> None:
        session, loudspeaker, microphone = with_voice(FakeLLM(), preemptive_generation=True)
        minutes = Minutes(session)
        first, second = Named(instructions="", id="first"), Named(instructions="", id="second")
        async with started(session, first):
            session.update_agent(second)
            await asyncio.sleep(0)
            microphone.say("hello")
            await until(lambda: minutes.of("speech_created"))
            first.leaves.set()
            await until(lambda: said(session, "assistant"))
        assert said(session) == ["hello", "second says so"]
        await loudspeaker.aclose()

    run(work())


def test_a_script_that_breaks_off_is_not_blamed_on_the_voice() -> None:
    async def broken() -> AsyncIterator[str]:
        yield "it goes "
        raise LookupError("the rest is lost")

    async def work() -> None:
        session, loudspeaker, _ = with_voice(FakeLLM())
        minutes, agent = Minutes(session), Agent(instructions="")
        async with started(session, agent):
            for _ in range(6):
                handle = session.say(broken())
                await handle
                assert isinstance(handle.exception(), LookupError)
            assert not minutes.of("close")
            assert {id(event.source) for event in minutes.of("error")} == {id(agent)}
            await session.say("all is well")
        assert said(session)[-1] == "all is well"
        await loudspeaker.aclose()

    run(work())


def test_a_tool_that_goes_on_after_an_interruption_is_told_of_once() -> None:
    release = asyncio.Event()

    class Slow(Agent):
        @function_tool
        async def look(self, context: RunContext[Any]) -> str:
            """Look."""
            await release.wait()
            return "seen"

    async def work() -> None:
        lines = [Line(when="look", say="let me see", calls=(Call(name="look", arguments={}),))]
        session, loudspeaker, _ = with_voice(FakeLLM(lines))
        async with started(session, Slow(instructions="")):
            handle = session.generate_reply(user_input="look")
            await until(lambda: any(t.get_name() == "tool look" for t in asyncio.all_tasks()))
            session.interrupt()
            handle.interrupt()
            await handle
            assert not any(isinstance(i, FunctionCall) for i in session.history.items)
            release.set()
            await until(
                lambda: any(isinstance(i, FunctionCallOutput) for i in session.history.items)
            )
            kinds = [type(item).__name__ for item in session.history.items[-2:]]
            assert kinds == ["FunctionCall", "FunctionCallOutput"]
            await session.say("well")
        assert sum(isinstance(i, FunctionCallOutput) for i in session.history.items) == 1
        await loudspeaker.aclose()

    run(work())


def test_a_session_that_is_closed_while_it_starts_stays_closed() -> None:
    class SlowSession(StubSession):
        async def update_tools(self, tools: Any) -> None:
            await asyncio.sleep(0.1)

    class SlowModel(StubModel):
        def session(self) -> StubSession:
            self.sessions.append(SlowSession(self))
            return self.sessions[-1]

    async def work() -> None:
        model = SlowModel()
        session: AgentSession[Any] = AgentSession(llm=model)
        minutes, entered = Minutes(session), []

        class Eager(Agent):
            async def on_enter(self) -> None:
                entered.append(self)

        starting = asyncio.create_task(session.start(Eager(instructions="")))
        await until(lambda: model.sessions)
        await session.aclose()
        await asyncio.wait({starting})
        await asyncio.sleep(0.2)
        assert isinstance(starting.exception(), RuntimeError)
        assert model.live.closed
        assert not entered
        assert [name for name, _ in minutes.all if name == "close"] == ["close"]
        assert minutes.all[-1][0] == "close"

    run(work())


def test_a_turn_of_a_realtime_model_that_is_not_the_leader_any_more_goes_to_the_next() -> None:
    class Patient(Agent):
        leaves = asyncio.Event()

        async def on_exit(self) -> None:
            await self.leaves.wait()

    async def work() -> None:
        old = StubModel(Answer("from the old one"), turn_detection=False)
        new = StubModel(Answer("from the new one"), turn_detection=False)
        session: AgentSession[Any] = AgentSession(turn_detection="manual")
        loudspeaker = Loudspeaker(pace=8.0)
        session.output.audio = loudspeaker
        minutes, first = Minutes(session), Patient(instructions="", llm=old)
        async with started(session, first):
            session.update_agent(Agent(instructions="", llm=new))
            await asyncio.sleep(0)
            session.commit_user_turn()
            await until(lambda: minutes.of("speech_created"))
            first.leaves.set()
            await until(lambda: said(session, "assistant"))
        assert said(session, "assistant") == ["from the new one"]
        await loudspeaker.aclose()

    run(work())


def test_a_tool_may_close_the_session_that_runs_it() -> None:
    class Leaver(Agent):
        @function_tool
        async def hang_up(self, context: RunContext[Any]) -> None:
            """Hang up."""
            await context.session.aclose()

    async def work() -> None:
        lines = [Line(when="bye", calls=(Call(name="hang_up", arguments={}),))]
        deadlines = SessionDeadlines(interruption=0.5, io=0.5, drain=0.5)
        session, loudspeaker, _ = with_voice(FakeLLM(lines), deadlines=deadlines)
        minutes = Minutes(session)
        await session.start(Leaver(instructions=""))
        handle = session.generate_reply(user_input="bye")
        await handle
        await until(lambda: minutes.of("close"))
        await session.aclose()
        await loudspeaker.aclose()

    run(work())


def test_a_turn_whose_answer_never_came_is_written_down_and_its_answer_given_up() -> None:
    class Clinging(Agent):
        async def on_exit(self) -> None:
            await asyncio.sleep(60)

    async def work() -> None:
        deadlines = SessionDeadlines(interruption=0.3, io=0.3, drain=0.3, hook=30)
        session, loudspeaker, microphone = with_voice(
            FakeLLM([Line(delay=60)]), preemptive_generation=True, deadlines=deadlines
        )
        minutes = Minutes(session)
        await session.start(Clinging(instructions=""))
        session.update_agent(Agent(instructions=""))
        microphone.say("hello")
        await until(lambda: minutes.of("speech_created"))
        closing = asyncio.create_task(session.aclose())
        await asyncio.wait({closing}, timeout=5)
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert not {name for name in names if name.startswith("inference")}
        assert said(session) == ["hello"]
        await loudspeaker.aclose()
        closing.cancel()
        await _cancel_everything()

    run(work())


def test_a_turn_said_to_one_agent_is_answered_by_the_realtime_model_of_the_next() -> None:
    class Patient(Agent):
        leaves = asyncio.Event()

        async def on_exit(self) -> None:
            await self.leaves.wait()

    async def work() -> None:
        session, loudspeaker, microphone = with_voice(FakeLLM([Line(say="no")]))
        minutes, first = Minutes(session), Patient(instructions="")
        async with started(session, first):
            session.update_agent(Agent(instructions="", llm=StubModel(Answer("yes"))))
            microphone.say("hello")
            await until(lambda: minutes.of("speech_created"))
            first.leaves.set()
            await until(lambda: said(session, "assistant"))
        assert said(session) == ["hello", "yes"]
        await loudspeaker.aclose()

    run(work())


async def _cancel_everything() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others)
