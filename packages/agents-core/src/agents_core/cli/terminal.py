"""A conversation on a terminal: what is said and done, written down; lines, read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from agents_core.chat import AgentHandoff, ChatItem, FunctionCall, FunctionCallOutput
from agents_core.session import TextOutput

if TYPE_CHECKING:
    from agents_core.session import (
        AgentSession,
        CloseEvent,
        ConversationItemAddedEvent,
        RunResult,
    )

_PROMPT = "> "


class Terminal:
    """Takes the sessions of one job; the first of them is talked to.

    Attributes:
        over: called with a reason when there is nothing more to talk about.
    """

    def __init__(self, *, lines: TextIO | None = None, page: TextIO | None = None) -> None:
        self.over: Callable[[str], object] = str
        self._lines = lines or sys.stdin
        self._page = Page(page or sys.stdout)
        self._talking: asyncio.Task[None] | None = None

    def take(self, session: AgentSession[Any]) -> None:
        """Show what a session says, and say to it what is typed."""
        session.output.text = self._page
        session.on("conversation_item_added", self._show)
        if self._talking is None:
            session.on("close", self._closed)
            self._talking = asyncio.create_task(self._talk(session), name="terminal")

    def _closed(self, event: CloseEvent) -> None:
        self.over(f"the session is closed: {event.reason}")

    def _show(self, event: ConversationItemAddedEvent) -> None:
        if line := describe(event.item):
            self._page.line(f"  {line}")

    async def _talk(self, session: AgentSession[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the session closes meanwhile
            while line := await self._read(session):
                if line.strip():
                    await self._answered(session.run(user_input=line.strip()))
        self.over("the input has ended")

    async def _answered(self, result: RunResult) -> None:
        try:
            _ = await result
        except Exception as error:  # noqa: BLE001 - the session has logged it; the next may go well
            self._page.line(f"  failed: {error}")

    async def _read(self, session: AgentSession[Any]) -> str:
        await session.wait_for_inactive()
        typed = self._lines.isatty()
        if typed:
            self._page.write(_PROMPT)
        # Nothing ends a thread that reads, but the end of the process, which is sure to come.
        line: str = await asyncio.to_thread(self._lines.readline)
        if not typed and line.strip():
            self._page.line(_PROMPT + line.strip())
        return line


class Page(TextOutput):
    """What is written, piece by piece; nothing of it can do anything to the terminal."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._begun = False

    async def capture_text(self, text: str) -> None:
        """Go on with a line."""
        self.write(text)
        self._begun = self._begun or bool(text)

    def flush(self) -> None:
        """End the line, if one was begun."""
        if self._begun:
            self._begun = False
            self.write("\n")

    def line(self, text: str) -> None:
        """A line of its own."""
        self.flush()
        self.write(f"{text}\n")

    def write(self, text: str) -> None:
        """Write it, at once."""
        self._file.write("".join(filter(_is_harmless, text)))
        self._file.flush()


def describe(item: ChatItem) -> str:
    """What is done rather than said, in a line; empty for what is said.

    >>> from agents_core.chat import AgentHandoff
    >>> describe(AgentHandoff(new_agent_id="Billing", old_agent_id="Support"))
    'Billing takes over from Support'
    """
    match item:
        case FunctionCall(name=name, arguments=arguments):
            return f"{name}({_arguments(arguments)})"
        case FunctionCallOutput(output="", is_error=False):
            return ""
        case FunctionCallOutput(output=output, is_error=failed):
            return f"{'failed: ' if failed else '= '}{output}"
        case AgentHandoff(new_agent_id=new, old_agent_id=str(old)):
            return f"{new} takes over from {old}"
        case _:
            return ""


def _arguments(told: str) -> str:
    try:
        arguments = json.loads(told or "{}")
    except ValueError:
        return told
    if not isinstance(arguments, dict):
        return told
    return ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items()
    )


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in "\n\t"
