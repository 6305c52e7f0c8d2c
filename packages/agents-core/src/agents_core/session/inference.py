"""One question to a language model, answered while it is being asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from agents_core.agent import Agent, ModelSettings
from agents_core.chat import ChatContext, FunctionCall
from agents_core.llm import ChatChunk, ToolChoice
from agents_core.session.flows import cancel_and_wait, closing
from agents_core.streams import Inlet
from agents_core.tools import FunctionTool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that an answer depends on."""

    chat_ctx: ChatContext
    tools: Sequence[FunctionTool] = ()
    tool_choice: ToolChoice = "auto"


class Inference:
    """The answer of an agent's `llm_node`, from now on; make it in a running loop, and close it."""

    def __init__(self, agent: Agent, question: Question) -> None:
        # Not bounded: it holds one answer, which a model's own limit bounds.
        self.text: Inlet[str] = Inlet(remembers=False)
        self.calls: Inlet[FunctionCall] = Inlet(remembers=False)
        self.agent = agent
        self.question = question
        self._task = asyncio.create_task(self._run(), name=f"inference of {agent.id}")

    async def finished(self) -> None:
        """Wait until all of it has come.

        Raises:
            BaseException: what the node raised.
        """
        await asyncio.shield(self._task)

    async def aclose(self, *, within: float) -> None:
        """Stop asking; what has come may still be read."""
        await cancel_and_wait(self._task, within=within)

    async def _run(self) -> None:
        question = self.question
        node = self.agent.llm_node(
            question.chat_ctx, question.tools, ModelSettings(tool_choice=question.tool_choice)
        )
        try:
            async with closing(node) as chunks:
                async for chunk in chunks:
                    self._take(chunk)
        finally:
            self.text.close()
            self.calls.close()

    def _take(self, chunk: ChatChunk | str) -> None:
        if isinstance(chunk, str):
            self.text.send(chunk)
            return
        if chunk.delta is None:
            return
        if chunk.delta.content:
            self.text.send(chunk.delta.content)
        for call in chunk.delta.tool_calls:
            self.calls.send(
                FunctionCall(
                    call_id=call.call_id,
                    name=call.name,
                    arguments=call.arguments,
                    extra=call.extra or {},
                )
            )
