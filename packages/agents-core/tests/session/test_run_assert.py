"""A test of an agent is told what happened instead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from agents_core.agent import Agent
from agents_core.chat import AgentHandoff, ChatMessage, FunctionCall, FunctionCallOutput
from agents_core.session import RunResult
from agents_core.session.run_assert import RunAssert


async def _result() -> RunResult:
    result, agent = RunResult(), Agent(instructions="")
    for item in (
        ChatMessage(role="user", content=("hi",)),
        ChatMessage(role="assistant", content=("hello there",)),
        FunctionCall(call_id="1", name="look", arguments='{"at": "sky", "long": true}'),
        FunctionCallOutput(call_id="1", name="look", output="blue", is_error=False),
        AgentHandoff(new_agent_id="Agent"),
    ):
        result.record(item, agent)
    return result


def expecting() -> RunAssert:
    return asyncio.run(_result()).expect


def test_what_happened_may_be_said_in_order() -> None:
    expect = expecting()
    expect.next_event().is_message(role="assistant", text="hello")
    expect.next_event().is_function_call(name="look", arguments={"at": "sky"})
    expect.next_event().is_function_call_output(output="blue", is_error=False)
    expect.next_event().is_agent_handoff(new_agent_type=Agent)
    expect.no_more_events()
    assert len(expect) == 4


def test_events_of_other_kinds_may_be_passed_over_and_looked_up() -> None:
    expect = expecting()
    expect.next_event(type="function_call_output").is_function_call_output()
    expect[-1].is_agent_handoff()
    expect[0].is_message()


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        pytest.param(lambda e: e[0].is_function_call(), "expected a function call", id="kind"),
        pytest.param(lambda e: e[0].is_message(role="user"), "role 'user', not 'assis", id="role"),
        pytest.param(lambda e: e[0].is_message(text="bye"), "a message with 'bye'", id="text"),
        pytest.param(lambda e: e[1].is_function_call(name="x"), "name 'x', not 'look'", id="name"),
        pytest.param(
            lambda e: e[1].is_function_call(arguments={"at": "sea"}),
            "argument 'at' 'sea', not 'sky'",
            id="argument",
        ),
        pytest.param(
            lambda e: e[2].is_function_call_output(is_error=True), "is_error True", id="error"
        ),
        pytest.param(lambda e: e[1].is_function_call_output(), "call's output", id="output"),
        pytest.param(lambda e: e[0].is_agent_handoff(), "expected a handoff", id="handoff"),
        pytest.param(lambda e: e.no_more_events(), "expected no more events", id="more"),
        pytest.param(lambda e: e[9], "there is no event 9", id="out of range"),
        pytest.param(
            lambda e: [e.next_event() for _ in range(5)], "none is left", id="nothing left"
        ),
        pytest.param(
            lambda e: e[3].is_agent_handoff(new_agent_type=type("Other", (Agent,), {})),
            "a handoff to Other",
            id="other agent",
        ),
    ],
)
def test_what_did_not_happen_is_told_with_what_did(
    claim: Callable[[RunAssert], object], answer: str
) -> None:
    with pytest.raises(AssertionError, match=answer) as told:
        claim(expecting())

    assert "hello there" in str(told.value)
