"""An agent session that talks by OpenAI's realtime model: it hears, calls a tool, and answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

import pytest

from agents_core.agent import Agent
from agents_core.chat import ChatMessage
from agents_core.retry import APIConnectOptions
from agents_core.session import AgentSession
from agents_core.testing.leaks import no_leaks
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until
from agents_core.tools import FunctionTool, function_tool
from agents_plugin_openai import RealtimeModel
from agents_plugins_test.parley import Loudspeaker, Microphone
from agents_plugins_test.vendors.openai import OpenAIServer

SOON = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=5.0)
LONG = "Six geese fly over the pond and none of them comes back."


class Talk:
    """A session, its ears and mouth, and who is at the other end of its model."""

    def __init__(self, vendor: OpenAIServer, session: AgentSession[None]) -> None:
        self.vendor = vendor
        self.session = session
        self.microphone, self.loudspeaker = Microphone(), Loudspeaker()
        session.input.audio, session.output.audio = self.microphone, self.loudspeaker

    def sent(self, kind: str) -> list[Mapping[str, Any]]:
        assert self.vendor.conversation is not None
        return [event for event in self.vendor.conversation.events if event["type"] == kind]

    async def played(self, *words: str) -> None:
        await until(lambda: self.loudspeaker.played == list(words), f"{words}", within=8)


@contextlib.asynccontextmanager
async def talking(*tools: FunctionTool) -> AsyncIterator[Talk]:
    async with no_leaks(), OpenAIServer() as vendor:
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
        looked: list[str] = []

        @function_tool
        async def look_up(place: str) -> str:
            """Tells what is there."""
            looked.append(place)
            return "Six geese."

        async with OpenAIServer() as vendor, RealtimeModel(api_key="k", base_url=vendor.url) as llm:
            call = Call(name="look_up", arguments={"place": "pond"})
            vendor.will_answer(Reply(text="One moment.", calls=(call,)))
            session: AgentSession[None] = AgentSession(llm=llm, tools=[look_up])
            microphone, loudspeaker = Microphone(), Loudspeaker()
            session.input.audio, session.output.audio = microphone, loudspeaker
            await session.start(Agent(instructions="Be kind."))
            try:
                microphone.say("Who is there?")
                await until(lambda: len(loudspeaker.played) == 2, "two messages", within=8)
                messages = vendor.asked().messages
            finally:
                await session.aclose()

            assert looked == ["pond"]
            assert loudspeaker.played == ["One moment.", "Six geese."]
            assert messages[:5] == (
                ("system", "Be kind."),
                ("user", "Who is there?"),
                ("assistant", "One moment."),
                ("call", "look_up"),
                ("output", "Six geese."),
            )
            said = [
                (item.role, item.text_content)
                for item in session.history.items
                if isinstance(item, ChatMessage)
            ]
            assert said == [
                ("user", "Who is there?"),
                ("assistant", "One moment."),
                ("assistant", "Six geese."),
            ]

    asyncio.run(asyncio.wait_for(work(), 15))


def test_a_user_who_writes_is_answered() -> None:
    async def work() -> None:
        async with OpenAIServer() as vendor, RealtimeModel(api_key="k", base_url=vendor.url) as llm:
            session: AgentSession[None] = AgentSession(llm=llm)
            session.output.audio = loudspeaker = Loudspeaker()
            await session.start(Agent(instructions="Be kind."))
            try:
                await session.generate_reply(user_input="Hello.")
            finally:
                await session.aclose()
            assert loudspeaker.played == ["Hello."]

    asyncio.run(asyncio.wait_for(work(), 15))


def test_what_was_not_heard_of_an_interrupted_answer_is_forgotten() -> None:
    async def work() -> None:
        async with talking() as talk:
            talk.loudspeaker.slow = True
            talk.vendor.will_answer(Reply(text=LONG))
            talk.microphone.say("Who is there?")
            await until(lambda: talk.loudspeaker.playing > 0.3, "speech", within=8)
            talk.loudspeaker.slow = False
            talk.microphone.say("Stop.")
            await talk.played("Stop.")
            [cut] = talk.sent("conversation.item.truncate")
            assert cut["audio_end_ms"] == 120
            [message] = [each for each in talk.session.history.messages() if each.interrupted]
            said = message.text_content or ""
            assert (message.id, len(said) < len(LONG)) == (cut["item_id"], True)
            assert LONG.startswith(said)

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
            await until(
                lambda: ("output", "Six geese.") in talk.vendor.asked().messages,
                "what the tool said",
                within=8,
            )

    run(work())


def test_a_connection_that_is_lost_while_a_tool_runs_hides_nothing_of_what_it_said() -> None:
    async def work() -> None:
        gate = Gate()
        async with talking(gate.tool) as talk:
            talk.vendor.will_answer(Reply(calls=(Call(name="look_up"),)))
            talk.microphone.say("Who is there?")
            await asyncio.wait_for(gate.asked.wait(), 8)
            assert talk.vendor.conversation is not None
            await talk.vendor.conversation.leave()
            gate.opened.set()
            await talk.played("Six geese.")
            assert talk.vendor.asked().messages[:4] == (
                ("system", "Be kind."),
                ("user", "Who is there?"),
                ("call", "look_up"),
                ("output", "Six geese."),
            )

    run(work())


async def _speaking(talk: Talk) -> None:
    talk.loudspeaker.slow = True
    talk.vendor.will_answer(Reply(text=LONG))
    talk.microphone.say("Who is there?")
    await until(lambda: talk.loudspeaker.playing, "speech", within=8)


async def _asking(talk: Talk) -> None:
    talk.vendor.hold()
    talk.session.generate_reply()
    talk.session.generate_reply()
    await until(lambda: talk.sent("response.create"), "a question", within=8)


async def _calling(talk: Talk) -> None:
    talk.vendor.will_answer(Reply(calls=(Call(name="look_up"),)))
    talk.microphone.say("Who is there?")
    await until(lambda: ("call", "look_up") in talk.vendor.asked().messages, "a call", within=8)


async def _lost(talk: Talk) -> None:
    assert talk.vendor.conversation is not None
    talk.vendor.refuse(500, times=9)
    await talk.vendor.conversation.leave()


@pytest.mark.parametrize("stage", [_speaking, _asking, _calling, _lost])
def test_a_session_is_closed_at_any_time_and_leaves_nothing(
    stage: Callable[[Talk], Coroutine[Any, Any, None]],
) -> None:
    async def work() -> None:
        gate = Gate()
        async with talking(gate.tool) as talk:
            await stage(talk)

    run(work())
