"""An agent session that talks by Google's realtime model."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from agents_core.agent import Agent
from agents_core.retry import APIConnectOptions
from agents_core.session import AgentSession
from agents_core.testing.leaks import no_leaks
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until
from agents_core.tools import FunctionTool, function_tool
from agents_plugin_google import RealtimeModel
from agents_plugins_test.parley import Loudspeaker, Microphone
from agents_plugins_test.vendors.google import GoogleServer

SOON = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=5.0)
LONG = "Six geese fly over the pond and none of them comes back."


class Talk:
    """A session, its ears and mouth, and who is at the other end of its model."""

    def __init__(self, vendor: GoogleServer, session: AgentSession[None]) -> None:
        self.vendor = vendor
        self.session = session
        self.microphone, self.loudspeaker = Microphone(), Loudspeaker()
        session.input.audio, session.output.audio = self.microphone, self.loudspeaker

    async def played(self, *words: str) -> None:
        await until(lambda: self.loudspeaker.played == list(words), f"{words}", within=8)


@contextlib.asynccontextmanager
async def talking(*tools: FunctionTool) -> AsyncIterator[Talk]:
    async with no_leaks(), GoogleServer() as vendor:
        model = RealtimeModel(api_key="k", base_url=vendor.url, conn_options=SOON)
        async with model:
            session: AgentSession[None] = AgentSession(llm=model, tools=tools)
            talk = Talk(vendor, session)
            await session.start(Agent(instructions="Be kind."))
            try:
                yield talk
            finally:
                await asyncio.wait_for(session.aclose(), 5)


class Gate:
    """A tool that takes its time, and what opens it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.opened = asyncio.Event()
        self.tool = function_tool(self.look_up)

    async def look_up(self) -> str:
        """Tells what is there."""
        self.asked.set()
        await self.opened.wait()
        return "Six geese."


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 15))


def test_a_user_is_heard_a_tool_is_called_and_the_answer_is_spoken() -> None:
    async def work() -> None:
        gate = Gate()
        gate.opened.set()
        async with talking(gate.tool) as talk:
            call = Call(name="look_up")
            talk.vendor.will_answer(Reply(text="One moment.", calls=(call,)))
            talk.microphone.say("Who is there?")
            await talk.played("One moment.", "Six geese.")
            said = [(each.role, each.text_content) for each in talk.session.history.messages()]
        assert said == [
            ("user", "Who is there?"),
            ("assistant", "One moment."),
            ("assistant", "Six geese."),
        ]

    run(work())


def test_a_user_interrupts_in_the_middle_of_an_answer() -> None:
    async def work() -> None:
        async with talking() as talk:
            talk.loudspeaker.slow = True
            talk.vendor.will_answer(Reply(text=LONG))
            talk.microphone.say("Who is there?")
            await until(lambda: talk.loudspeaker.playing > 0.3, "speech", within=8)
            talk.loudspeaker.slow = False
            talk.microphone.say("Stop.")
            await talk.played("Stop.")
            [message] = [each for each in talk.session.history.messages() if each.interrupted]
        said = message.text_content or ""
        assert LONG.startswith(said)
        assert len(said) < len(LONG)

    run(work())


def test_another_agent_takes_over_in_the_middle_of_the_conversation() -> None:
    async def work() -> None:
        async with talking() as talk:
            talk.microphone.say("Hello.")
            await talk.played("Hello.")
            talk.session.update_agent(Agent(instructions="Be brief."))
            await until(
                lambda: talk.vendor.asked().messages[:1] == (("system", "Be brief."),),
                "the other agent",
                within=8,
            )
            talk.microphone.say("Bye.")
            await talk.played("Hello.", "Bye.")

    run(work())


def test_a_user_who_speaks_while_a_tool_runs_is_answered() -> None:
    async def work() -> None:
        gate = Gate()
        async with talking(gate.tool) as talk:
            talk.vendor.will_answer(Reply(calls=(Call(name="look_up"),)))
            talk.microphone.say("Who is there?")
            await asyncio.wait_for(gate.asked.wait(), 8)
            talk.microphone.say("Hello?")
            await talk.played("Hello?")
            gate.opened.set()
            await talk.played("Hello?", "Six geese.")

    run(work())


def test_a_connection_that_is_lost_while_a_tool_runs_hides_nothing_of_what_it_said() -> None:
    async def work() -> None:
        gate = Gate()
        async with talking(gate.tool) as talk:
            talk.vendor.will_answer(Reply(calls=(Call(name="look_up"),)))
            talk.microphone.say("Who is there?")
            await asyncio.wait_for(gate.asked.wait(), 8)
            await talk.vendor.go_away(at_once=True)
            gate.opened.set()
            await talk.played("Six geese.")
            assert ("output", "Six geese.") in talk.vendor.asked().messages

    run(work())


async def _speaking(talk: Talk) -> None:
    talk.loudspeaker.slow = True
    talk.vendor.will_answer(Reply(text=LONG))
    talk.microphone.say("Who is there?")
    await until(lambda: talk.loudspeaker.playing, "speech", within=8)


async def _asking(talk: Talk) -> None:
    talk.vendor.hold()
    talk.session.generate_reply(instructions="Say hello.")
    talk.session.generate_reply(instructions="Say hello.")
    await until(lambda: talk.vendor.said_by_clients, "a question", within=8)


async def _calling(talk: Talk) -> None:
    talk.vendor.will_answer(Reply(calls=(Call(name="look_up"),)))
    talk.microphone.say("Who is there?")
    await until(lambda: not talk.vendor.replies, "a call", within=8)


async def _lost(talk: Talk) -> None:
    talk.vendor.refuse(500, times=9)
    await talk.vendor.go_away(at_once=True)


@pytest.mark.parametrize("stage", [_speaking, _asking, _calling, _lost])
def test_a_session_is_closed_at_any_time_and_leaves_nothing(
    stage: Callable[[Talk], Coroutine[Any, Any, None]],
) -> None:
    async def work() -> None:
        gate = Gate()
        async with talking(gate.tool) as talk:
            await stage(talk)

    run(work())
