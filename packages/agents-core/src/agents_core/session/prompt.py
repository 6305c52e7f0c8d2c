"""What a model is asked for one reply."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents_core.agent import Agent
from agents_core.chat import ChatContext, ChatMessage
from agents_core.llm import ToolChoice
from agents_core.session.inference import Question

_INSTRUCTIONS = "agents_core.instructions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an application asked of one reply."""

    instructions: str | None = None
    """To be heeded in this reply alone, beside the agent's."""
    tool_choice: ToolChoice = "auto"
    """For the first step; later ones are free, or a model could never stop calling."""


def ask(agent: Agent, chat_ctx: ChatContext, wish: Wish) -> Question:
    """The question, with the agent's instructions before everything else."""
    context = chat_ctx.copy(exclude_handoff=True)
    instructions = "\n".join(filter(None, (agent.instructions, wish.instructions)))
    if instructions:
        message = ChatMessage(role="system", content=(instructions,), id=_INSTRUCTIONS)
        context.items.insert(0, message)
    return Question(chat_ctx=context, tools=agent.callable_tools, tool_choice=wish.tool_choice)


def without_tools(question: Question) -> Question:
    """The same, to be answered in words; what was called before stays described."""
    return replace(question, tool_choice="none")
