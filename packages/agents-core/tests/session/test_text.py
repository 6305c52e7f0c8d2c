"""A conversation in text alone: no sound, no room, no native library."""

# ruff: noqa: ANN401, ARG001 - what is overridden takes what it is given

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from parley import Minutes, Page, run, said, started, until

from agents_core.agent import Agent
from agents_core.chat import ChatContext, ChatMessage
from agents_core.errors import APIError
from agents_core.session import AgentSession, CloseReason, SessionDeadlines
from agents_core.testing.fakes import Call, FakeLLM, Line
from agents_core.tools import RunContext, StopResponse, ToolError, function_tool

WEATHER = Call(name="get_weather", arguments={"city": "Ulm"})


class Forecaster(Agent):
    def __init__(self, **options: Any) -> None:
        super().__init__(instructions="You know the weather.", **options)
        self.asked: list[str] = []

    @function_tool
    async def get_weather(self, city: str) -> str:
        """The weather of a city.

        Args:
            city: its name.
        """
        self.asked.append(city)
        return "sunny"

    @function_tool
    async def refuse(self) -> str:
        """Does not work."""
        raise ToolError("there is no sky")

    @function_tool
    async def fall_silent(self) -> None:
        """Has nothing to say."""
        raise StopResponse

    @function_tool
    async def note(self) -> None:
        """Returns nothing."""

    @function_tool
    async def transfer(self) -> Agent:
        """To another agent."""
        return Greeter(instructions="You are new here.")


class Greeter(Agent):
    async def on_enter(self) -> None:
        await self.session.say("I am new here.")


def test_an_answer_is_given_and_remembered() -> None:
    async def work() -> None:
        session = AgentSession(llm=FakeLLM([Line(when="hi", say="Hello there.")]))
        async with started(session, Forecaster()):
            result = await session.run(user_input="hi")
            result.expect.next_event().is_message(role="assistant", text="Hello there.")
            assert said(session) == ["hi", "Hello there."]

    run(work())


def test_a_tool_is_called_and_its_answer_told() -> None:
    async def work() -> None:
        llm = FakeLLM(
            [Line(when="weather", calls=(WEATHER,)), Line(when="sunny", say="It shines.")]
        )
        agent = Forecaster()
        session = AgentSession(llm=llm)
        minutes = Minutes(session)
        async with started(session, agent):
            expect = (await session.run(user_input="the weather?")).expect
            expect.next_event().is_function_call(name="get_weather", arguments={"city": "Ulm"})
            expect.next_event().is_function_call_output(output="sunny", is_error=False)
            expect.next_event().is_message(text="It shines.")
            expect.no_more_events()
        assert agent.asked == ["Ulm"]
        assert llm.vendor.last_asked.messages[0] == ("system", "You know the weather.")
        [executed] = minutes.of("function_tools_executed")
        assert [each.output for each in executed.function_call_outputs] == ["sunny"]

    run(work())


@pytest.mark.parametrize(
    ("tool", "output", "replies"),
    [
        pytest.param("refuse", "there is no sky", 1, id="a tool error is told to the model"),
        pytest.param("fall_silent", "", 0, id="a tool that stops the response is silent"),
        pytest.param("unknown", None, 1, id="an unknown tool is told to the model"),
    ],
)
def test_a_tool_decides_whether_there_is_more_to_say(
    tool: str, output: str | None, replies: int
) -> None:
    async def work() -> None:
        calling = Line(when="go", calls=(Call(name=tool, arguments={}),))
        session = AgentSession(llm=FakeLLM([calling, Line(say="Well.")]))
        async with started(session, Forecaster()):
            expect = (await session.run(user_input="go")).expect
            expect.next_event().is_function_call(name=tool)
            expect.next_event().is_function_call_output(output=output)
            assert said(session, "assistant") == ["Well."] * replies

    run(work())


def test_a_tool_that_returns_nothing_needs_no_reply() -> None:
    async def work() -> None:
        calling = Line(when="go", calls=(Call(name="note", arguments={}),))
        session = AgentSession(llm=FakeLLM([calling, Line(say="Well.")]))
        async with started(session, Forecaster()):
            await session.run(user_input="go")
            assert said(session, "assistant") == []

    run(work())


def test_tools_of_one_step_run_at_the_same_time() -> None:
    met = asyncio.Event()
    order: list[str] = []

    @function_tool
    async def wait_for_other() -> str:
        """Waits."""
        await met.wait()
        order.append("waited")
        return "a"

    @function_tool
    async def arrive() -> str:
        """Arrives."""
        met.set()
        order.append("arrived")
        return "b"

    async def work() -> None:
        calls = (Call(name="wait_for_other", arguments={}), Call(name="arrive", arguments={}))
        session = AgentSession(
            llm=FakeLLM([Line(when="go", calls=calls), Line(say="Both.")]),
            tools=[wait_for_other, arrive],
        )
        async with started(session, Agent(instructions="")):
            result = await session.run(user_input="go")
            assert [event.item.name for event in result.events[:4:2]] == [
                "wait_for_other",
                "arrive",
            ]
        assert order == ["arrived", "waited"]

    run(work())


def test_a_model_that_calls_tools_for_ever_is_asked_for_words_in_the_end() -> None:
    async def work() -> None:
        llm = FakeLLM([Line(calls=(WEATHER,), times=3), Line(say="Enough.")])
        session = AgentSession(llm=llm, max_tool_steps=3)
        agent = Forecaster()
        async with started(session, agent):
            handle = session.generate_reply(user_input="go")
            await handle
            assert handle.num_steps == 4
        assert len(agent.asked) == 3
        assert llm.vendor.last_asked.tool_choice == "none"
        assert said(session, "assistant") == ["Enough."]

    run(work())


def test_another_agent_takes_over_and_greets_within_the_same_run() -> None:
    async def work() -> None:
        calling = Line(when="go", calls=(Call(name="transfer", arguments={}),))
        session = AgentSession(llm=FakeLLM([calling]))
        async with started(session, Forecaster()):
            expect = (await session.run(user_input="go")).expect
            expect.next_event(type="agent_handoff").is_agent_handoff(new_agent_type=Greeter)
            expect.next_event().is_message(text="I am new here.")
            assert isinstance(session.current_agent, Greeter)

    run(work())


def test_what_a_new_agent_says_without_waiting_belongs_to_the_run_too() -> None:
    class Hasty(Agent):
        async def on_enter(self) -> None:
            _ = self.session.say("I am in a hurry.")

    class Transferring(Agent):
        @function_tool
        async def transfer(self) -> Agent:
            """To another agent."""
            return Hasty(instructions="")

    async def work() -> None:
        calling = Line(when="go", calls=(Call(name="transfer", arguments={}),))
        session: AgentSession[Any] = AgentSession(llm=FakeLLM([calling]))
        async with started(session, Transferring(instructions="")):
            result = await session.run(user_input="go")
            result.expect[-1].is_message(text="in a hurry")

    run(work())


def test_an_agent_is_replaced_after_what_waits_to_be_said() -> None:
    left: list[str] = []

    class Leaving(Agent):
        async def on_exit(self) -> None:
            left.append(self.id)

    async def work() -> None:
        session = AgentSession(llm=FakeLLM([Line(say="First.")]))
        async with started(session, Leaving(instructions="", id="old")) as running:
            running.generate_reply(user_input="go")
            running.update_agent(Greeter(instructions=""))
            await until(lambda: "I am new here." in said(session))
            assert said(session, "assistant") == ["First.", "I am new here."]
            assert left == ["old"]

    run(work())


def test_the_agent_may_change_what_is_answered_and_what_is_known() -> None:
    class Editor(Agent):
        async def on_user_turn_completed(
            self, turn_ctx: ChatContext, new_message: ChatMessage
        ) -> ChatMessage | None:
            turn_ctx.add_message(role="system", content="He is a doctor.")
            return ChatMessage(role="user", content=("good day",))

    async def work() -> None:
        llm = FakeLLM([Line(when="good day", say="Good day, doctor.")])
        session = AgentSession(llm=llm, turn_detection="manual")
        async with started(session, Editor(instructions="")):
            hear(session, "hi")
            await until(lambda: len(said(session)) == 2)
        assert said(session) == ["good day", "Good day, doctor."]
        assert ("system", "He is a doctor.") in llm.vendor.last_asked.messages

    run(work())


def test_the_agent_may_refuse_to_answer() -> None:
    class Silent(Agent):
        async def on_user_turn_completed(
            self, turn_ctx: ChatContext, new_message: ChatMessage
        ) -> ChatMessage | None:
            raise StopResponse

    async def work() -> None:
        session = AgentSession(llm=FakeLLM(), turn_detection="manual")
        minutes = Minutes(session)
        async with started(session, Silent(instructions="")):
            hear(session, "hi")
            await until(lambda: minutes.of("speech_created"))
            await until(minutes.of("speech_created")[0].speech_handle.done)
        assert said(session) == []

    run(work())


def test_a_hook_that_never_returns_costs_no_more_than_its_deadline() -> None:
    class Stuck(Agent):
        async def on_user_turn_completed(
            self, turn_ctx: ChatContext, new_message: ChatMessage
        ) -> ChatMessage | None:
            await asyncio.Event().wait()
            return None

    async def work() -> None:
        session = AgentSession(
            llm=FakeLLM([Line(say="There.")]),
            turn_detection="manual",
            deadlines=SessionDeadlines(hook=0.1),
        )
        async with started(session, Stuck(instructions="")):
            hear(session, "hi")
            await until(lambda: said(session) == ["hi", "There."])

    run(work())


def test_what_is_said_is_shown_as_it_comes() -> None:
    async def work() -> None:
        page = Page()
        session = AgentSession(llm=FakeLLM([Line(say="Hello there.")]))
        session.output.text = page
        async with started(session, Agent(instructions="")):
            await session.run(user_input="hi")
            await session.say("Bye.")
        assert page.segments == ["Hello there.", "Bye.", ""]

    run(work())


def test_a_node_can_be_overridden() -> None:
    class Loud(Agent):
        async def transcription_node(self, text: Any, model_settings: Any) -> Any:
            async for piece in super().transcription_node(text, model_settings):
                yield piece.upper()

        async def llm_node(self, chat_ctx: Any, tools: Any, model_settings: Any) -> Any:
            async for chunk in Agent.default.llm_node(self, chat_ctx, tools, model_settings):
                yield chunk
            yield " indeed"

    async def work() -> None:
        session = AgentSession(llm=FakeLLM([Line(say="Hello")]))
        async with started(session, Loud(instructions="")):
            await session.run(user_input="hi")
        assert said(session, "assistant") == ["HELLO INDEED"]

    run(work())


def test_a_speech_is_stopped_in_the_middle_and_what_was_said_is_remembered() -> None:
    async def work() -> None:
        page = Page()
        session = AgentSession(llm=FakeLLM([Line(say="one two three four five")], pace=0.05))
        session.output.text = page
        async with started(session, Agent(instructions="")):
            handle = session.generate_reply(user_input="count")
            await until(lambda: "two" in page.segments[0])
            handle.interrupt()
            await handle
            assert handle.interrupted
            [message] = handle.chat_items[1:]
            assert isinstance(message, ChatMessage)
            assert message.interrupted
            assert message.text_content == page.segments[0] != "one two three four five"

    run(work())


def test_what_waits_to_be_said_is_stopped_before_it_begins() -> None:
    async def work() -> None:
        session = AgentSession(llm=FakeLLM([Line(say="one two three")], pace=0.05))
        async with started(session, Agent(instructions="")):
            first = session.generate_reply(user_input="count")
            second = session.say("later")
            third = session.say("important", allow_interruptions=False)
            session.interrupt()
            for handle in (first, second, third):
                await handle
            assert [handle.interrupted for handle in (first, second, third)] == [True, True, False]
            with pytest.raises(RuntimeError, match="does not allow"):
                session.say("never", allow_interruptions=False).interrupt()
        assert said(session, "assistant") == ["important", "never"]

    run(work())


def test_a_tool_that_was_begun_is_finished_though_the_user_interrupts() -> None:
    go_on, begun = asyncio.Event(), asyncio.Event()

    @function_tool
    async def book(context: RunContext[None]) -> str:
        """Books a flight."""
        begun.set()
        await go_on.wait()
        return "booked"

    async def work() -> None:
        llm = FakeLLM(
            [Line(when="book", calls=(Call(name="book", arguments={}),)), Line(say="No.")]
        )
        session = AgentSession(llm=llm, tools=[book])
        async with started(session, Agent(instructions="")):
            handle = session.generate_reply(user_input="book it")
            await begun.wait()
            session.interrupt()
            await handle
            other = session.generate_reply(user_input="wait")
            await other
            go_on.set()
            await until(lambda: any(getattr(i, "output", "") == "booked" for i in items(session)))
        assert said(session, "assistant") == ["No."]

    run(work())


def test_a_tool_cannot_wait_for_the_speech_that_waits_for_it() -> None:
    @function_tool
    async def wait(context: RunContext[None]) -> str:
        """Waits for itself."""
        with pytest.raises(RuntimeError, match="waits for the tool"):
            await context.speech_handle.wait_for_playout()
        return "refused"

    async def work() -> None:
        llm = FakeLLM([Line(when="go", calls=(Call(name="wait", arguments={}),)), Line(say="Ok.")])
        session = AgentSession(llm=llm, tools=[wait], userdata=None)
        async with started(session, Agent(instructions="")):
            result = await session.run(user_input="go")
            result.expect.next_event(type="function_call_output").is_function_call_output(
                output="refused", is_error=False
            )

    run(work())


def test_a_model_that_fails_too_often_in_a_row_closes_the_session() -> None:
    async def work() -> None:
        broken = Line(error=APIError("no quota", retryable=False))
        session = AgentSession(llm=FakeLLM([broken]))
        minutes = Minutes(session)
        async with started(session, Agent(instructions="")):
            for _ in range(4):
                with pytest.raises(APIError, match="no quota"):
                    await session.run(user_input="hi")
            await until(lambda: minutes.of("close"))
        [closed] = minutes.of("close")
        assert closed.reason is CloseReason.ERROR
        assert isinstance(closed.error, APIError)
        assert len(minutes.of("error")) == 4

    run(work())


def test_a_success_forgives_earlier_failures() -> None:
    async def work() -> None:
        broken = Line(when="bad", error=APIError("no quota", retryable=False))
        session = AgentSession(llm=FakeLLM([broken, Line(say="Fine.")]))
        minutes = Minutes(session)
        async with started(session, Agent(instructions="")):
            for _ in range(3):
                for word in ("bad", "bad", "good"):
                    await session.generate_reply(user_input=word)
            assert minutes.of("close") == []

    run(work())


def test_a_session_needs_neither_a_room_nor_the_native_library() -> None:
    script = (
        "import asyncio, sys\n"
        "from agents_core.agent import Agent\n"
        "from agents_core.session import AgentSession\n"
        "from agents_core.testing.fakes import FakeLLM, Line\n"
        "async def main():\n"
        "    session = AgentSession(llm=FakeLLM([Line(say='Hello.')]))\n"
        "    await session.start(Agent(instructions=''))\n"
        "    result = await session.run(user_input='hi')\n"
        "    result.expect.next_event().is_message(text='Hello.')\n"
        "    await session.aclose()\n"
        "asyncio.run(main())\n"
        "heavy = {'livekit', 'numpy', 'aiohttp', 'soxr', 'google', 'psutil'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr


def hear(session: AgentSession[Any], text: str) -> None:
    """Let the session take `text` for a turn of the user, as a transcriber would."""
    from dataclasses import replace

    from agents_core.turns import events as on

    floor = session._running.floor
    options = replace(floor.state.options, transcribed=True)
    floor.feed(on.Reconfigured(at=floor.now, options=options))
    floor.feed(on.Transcript(at=floor.now, text=text))
    session.commit_user_turn()


def items(session: AgentSession[Any]) -> list[Any]:
    return list(session.history.items)
