"""The tools that a model called in one step, all at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agents_core.agent import Agent
from agents_core.chat import FunctionCall, FunctionCallOutput
from agents_core.session.speech import OWNER, SpeechHandle
from agents_core.tools import FunctionTool, RunContext, StopResponse, run_tool

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call, and what came of it."""

    call: FunctionCall
    output: FunctionCallOutput
    wants_reply: bool = False
    """Whether the model is to say something about it."""
    agent: Agent | None = None
    """Who leads the conversation from here on."""


class ToolCalls:
    """Runs each call in a task of its own, from the moment it arrives."""

    def __init__(
        self, talk: Conversation, handle: SpeechHandle, tools: Sequence[FunctionTool]
    ) -> None:
        self._talk = talk
        self._handle = handle
        self._tools = {tool.name: tool for tool in tools}
        self._running: list[asyncio.Task[Called]] = []

    @property
    def any(self) -> bool:
        """Whether something was called that nobody has taken yet."""
        return bool(self._running)

    async def take(self, calls: AsyncIterable[FunctionCall]) -> None:
        """Start each of `calls` as it comes."""
        async for call in calls:
            task = asyncio.create_task(self._run(call), name=f"tool {call.name}")
            self._running.append(task)

    async def ended(self) -> None:
        """Wait until all of them have; to be cancelled here stops none, but see `stop`."""
        if self._running:
            await asyncio.wait(self._running)

    def take_called(self) -> tuple[Called, ...]:
        """What came of them, once they have ended; in the order of the calls."""
        called = tuple(task.result() for task in self._running if not task.cancelled())
        self._running.clear()
        return called

    def stop(self) -> None:
        """Cancel those that run."""
        for task in self._running:
            task.cancel()

    async def _run(self, call: FunctionCall) -> Called:
        OWNER.set(self._handle)
        tool = self._tools.get(call.name)
        if tool is None:
            return Called(call=call, output=_unknown(call, self._tools), wants_reply=True)
        context: RunContext[Any] = RunContext(
            session=self._talk.session, speech_handle=self._handle, function_call=call
        )
        try:
            outcome = await run_tool(tool, call.arguments, context=context)
        except StopResponse:
            return Called(call=call, output=_silent(call))
        agent, rest = _parted(outcome.value)
        if agent is None:
            wants_reply = outcome.error is not None or outcome.value is not None
            wants_reply = wants_reply or outcome.output.is_error
            return Called(call=call, output=outcome.output, wants_reply=wants_reply)
        output = replace(outcome.output, output="" if rest is None else str(rest))
        return Called(call=call, output=output, wants_reply=rest is not None, agent=agent)


def _unknown(call: FunctionCall, tools: dict[str, FunctionTool]) -> FunctionCallOutput:
    known = ", ".join(tools) or "none"
    message = f"there is no tool {call.name!r}; there is: {known}"
    return FunctionCallOutput(call_id=call.call_id, name=call.name, output=message, is_error=True)


def _silent(call: FunctionCall) -> FunctionCallOutput:
    return FunctionCallOutput(call_id=call.call_id, name=call.name, output="", is_error=False)


def _parted(value: object) -> tuple[Agent | None, object]:
    """The agent to hand over to, and what is to be said before, of what a tool returned."""
    if isinstance(value, Agent):
        return value, None
    if isinstance(value, tuple):
        agents = [each for each in value if isinstance(each, Agent)]
        rest = [each for each in value if not isinstance(each, Agent)]
        if len(agents) == 1:
            return agents[0], rest[0] if len(rest) == 1 else (tuple(rest) or None)
    return None, value
