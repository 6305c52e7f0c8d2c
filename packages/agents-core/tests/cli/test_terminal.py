"""What a terminal shows of a conversation."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from agents_core.agent import Agent
from agents_core.chat import (
    AgentHandoff,
    ChatItem,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
)
from agents_core.cli.terminal import Page, Terminal, describe
from agents_core.session import AgentSession
from agents_core.testing.fakes import Call, FakeLLM, Line
from agents_core.tools import function_tool


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (ChatMessage(role="assistant", content=("hello",)), ""),
        (AgentHandoff(new_agent_id="First"), ""),
        (
            AgentHandoff(new_agent_id="Billing", old_agent_id="Support"),
            "Billing takes over from Support",
        ),
        (
            FunctionCall(call_id="1", name="look", arguments='{"at": "ü", "n": 2}'),
            'look(at="ü", n=2)',
        ),
        (FunctionCall(call_id="1", name="look", arguments=""), "look()"),
        (FunctionCall(call_id="1", name="look", arguments="{broken"), "look({broken)"),
        (FunctionCall(call_id="1", name="look", arguments="[1]"), "look([1])"),
        (FunctionCallOutput(call_id="1", name="look", output="a cat", is_error=False), "= a cat"),
        (FunctionCallOutput(call_id="1", name="look", output="", is_error=False), ""),
        (
            FunctionCallOutput(call_id="1", name="look", output="dark", is_error=True),
            "failed: dark",
        ),
    ],
)
def test_what_is_done_is_told_in_a_line_and_what_is_said_is_not(item: ChatItem, shown: str) -> None:
    assert describe(item) == shown


def test_a_line_of_its_own_ends_the_one_that_was_begun() -> None:
    file = io.StringIO()
    page = Page(file)

    async def write() -> None:
        await page.capture_text("half a ")
        await page.capture_text("sentence")

    asyncio.run(write())
    page.line("  a tool")
    page.flush()

    assert file.getvalue() == "half a sentence\n  a tool\n"


def test_what_a_model_says_can_do_nothing_to_the_terminal() -> None:
    file = io.StringIO()

    Page(file).write("\x1b[2Jcleared\x07, and\tünïcode 🙂\n")

    assert file.getvalue() == "[2Jcleared, and\tünïcode 🙂\n"


class Typed(io.StringIO):
    """Somebody types."""

    def isatty(self) -> bool:
        return True


@function_tool
async def look(at: str) -> str:
    """Look at something."""
    raise ValueError(f"{at} is gone")


def talk(lines: io.StringIO, *script: Line) -> tuple[str, list[str]]:
    page, reasons = io.StringIO(), []

    async def conversation() -> None:
        terminal = Terminal(lines=lines, page=page)
        over = asyncio.Event()
        terminal.over = lambda reason: (reasons.append(reason), over.set())
        session: AgentSession[Any] = AgentSession(llm=FakeLLM(script), tools=[look])
        terminal.take(session)
        await session.start(Agent(instructions=""))
        await asyncio.wait_for(over.wait(), 10)
        await session.aclose()

    asyncio.run(conversation())
    return page.getvalue(), reasons


def test_lines_of_a_pipe_are_written_down_with_their_answers() -> None:
    written, reasons = talk(io.StringIO("hello\n\n  you there"), Line(when="hello", say="good day"))

    assert written == "> hello\ngood day\n> you there\nyou there\n"
    assert reasons == ["the input has ended", "the session is closed: user_initiated"]


def test_who_types_sees_a_prompt_and_not_their_own_line_twice() -> None:
    written, _ = talk(Typed("hello\n"), Line(when="hello", say="good day"))

    assert written == "> good day\n> "


def test_a_tool_that_fails_and_a_model_that_fails_are_shown_and_the_talk_goes_on() -> None:
    written, _ = talk(
        io.StringIO("look\nbreak\nhello\n"),
        Line(when="^look$", calls=(Call(name="look", arguments={"at": "it"}),)),
        Line(when="^break$", error=ValueError("no model"), times=1),
    )

    assert '  look(at="it")\n  failed: ' in written
    assert "> break\n  failed: no model\n> hello\nhello\n" in written


def test_a_session_that_is_closed_by_itself_ends_the_talk() -> None:
    class Leaves(Agent):
        async def on_enter(self) -> None:
            self.session.say("bye")
            self.session.shutdown()

    page, reasons = io.StringIO(), []

    async def conversation() -> None:
        terminal = Terminal(lines=io.StringIO(""), page=page)
        over = asyncio.Event()
        terminal.over = lambda reason: (reasons.append(reason), over.set())
        session: AgentSession[Any] = AgentSession(llm=FakeLLM())
        terminal.take(session)
        await session.start(Leaves(instructions=""))
        await asyncio.wait_for(over.wait(), 10)
        await session.aclose()

    asyncio.run(conversation())

    assert page.getvalue() == "bye\n"
    assert reasons
