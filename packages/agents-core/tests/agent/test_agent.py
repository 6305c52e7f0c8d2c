"""An agent is what it was given, and knows where it has nothing."""

from __future__ import annotations

import asyncio

import pytest

from agents_core.agent import Agent, Components
from agents_core.chat import ChatContext
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS
from agents_core.tools import function_tool


@function_tool
async def shared() -> str:
    """Of the session."""
    return "session"


class Handy(Agent):
    @function_tool
    async def shared(self) -> str:
        """Its own, of the same name."""
        return "agent"


def test_it_is_named_for_its_class_and_has_its_methods_for_tools() -> None:
    agent = Handy(instructions="Help.")

    assert (agent.id, agent.instructions) == ("Handy", "Help.")
    assert [tool.name for tool in agent.tools] == ["shared"]
    assert Handy(instructions="", id="other").id == "other"


def test_its_own_tools_go_before_the_sessions_of_the_same_name() -> None:
    agent, plain = Handy(instructions=""), Agent(instructions="")
    for each in (agent, plain):
        each.lead(None, Components(tools=(shared,)))

    assert agent.callable_tools == agent.tools
    assert plain.callable_tools == (shared,)


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="shared"):
        Handy(instructions="", tools=[shared])


def test_what_it_knows_is_its_own() -> None:
    known = ChatContext()
    known.add_message(role="user", content="hi")
    agent = Agent(instructions="", chat_ctx=known)
    known.items.clear()
    agent.chat_ctx.items.clear()
    assert len(agent.chat_ctx) == 1

    asyncio.run(agent.update_chat_ctx(ChatContext()))
    assert len(agent.chat_ctx) == 0


def test_without_a_session_it_says_so() -> None:
    agent = Agent(instructions="")

    with pytest.raises(RuntimeError, match="leads no session"):
        _ = agent.session
    with pytest.raises(RuntimeError, match="leads no session"):
        _ = agent.components


@pytest.mark.parametrize(
    ("parts", "able"),
    [
        pytest.param(Components(), (False, False, False), id="nothing"),
        pytest.param(
            Components(stt=FakeSTT(), llm=FakeLLM(), tts=FakeTTS()), (True, True, True), id="all"
        ),
    ],
)
def test_it_knows_what_it_can_do(parts: Components, able: tuple[bool, bool, bool]) -> None:
    agent = Agent(instructions="")
    agent.lead(None, parts)

    assert (agent.transcribes, agent.thinks, agent.speaks) == able
