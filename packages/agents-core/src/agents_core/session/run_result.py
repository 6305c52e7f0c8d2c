"""What came of one input: for tests of agents, and for talking to them in text."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from agents_core.chat import AgentHandoff, ChatItem, ChatMessage, FunctionCall, FunctionCallOutput

if TYPE_CHECKING:
    from agents_core.agent import Agent
    from agents_core.session.run_assert import RunAssert


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessageEvent:
    """The agent said something."""

    item: ChatMessage
    type: Literal["message"] = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCallEvent:
    """The model called a tool."""

    item: FunctionCall
    type: Literal["function_call"] = "function_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCallOutputEvent:
    """A tool answered."""

    item: FunctionCallOutput
    type: Literal["function_call_output"] = "function_call_output"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHandoffEvent:
    """Another agent leads from here on."""

    item: AgentHandoff
    new_agent: Agent
    type: Literal["agent_handoff"] = "agent_handoff"


RunEvent: TypeAlias = (
    ChatMessageEvent | FunctionCallEvent | FunctionCallOutputEvent | AgentHandoffEvent
)


class RunResult:
    """Everything that the agents did about one input of the user; await it to its end.

    It is whole once nothing more is being said, every tool has answered, and an agent that took
    over has entered. Awaiting raises what the reply failed with.
    """

    def __init__(self) -> None:
        self._events: list[RunEvent] = []
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def events(self) -> tuple[RunEvent, ...]:
        """So far, in order; what the user said is not among them."""
        return tuple(self._events)

    @property
    def expect(self) -> RunAssert:
        """What a test may say about the events, from the first one on."""
        from agents_core.session.run_assert import RunAssert

        return RunAssert(self.events)

    def done(self) -> bool:
        """Whether it is whole."""
        return self._done.done()

    def __await__(self) -> Generator[object, None, RunResult]:
        yield from asyncio.shield(self._done).__await__()
        return self

    # What follows is for the session alone.

    def record(self, item: ChatItem, agent: Agent) -> None:
        """Note what was added to the history."""
        match item:
            case ChatMessage(role="assistant"):
                self._events.append(ChatMessageEvent(item=item))
            case FunctionCall():
                self._events.append(FunctionCallEvent(item=item))
            case FunctionCallOutput():
                self._events.append(FunctionCallOutputEvent(item=item))
            case AgentHandoff():
                self._events.append(AgentHandoffEvent(item=item, new_agent=agent))
            case ChatMessage():
                pass  # what the user said, and instructions

    def finish(self, error: BaseException | None) -> None:
        """Say that it is whole, or how it failed."""
        if self._done.done():
            return
        if error is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(error)
            self._done.exception()  # whoever never awaits it has seen the session's error event
