"""What a fake model is asked, in the words of a suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agents_core.chat import ChatContext, ChatItem, ChatMessage, FunctionCall, FunctionCallOutput
from agents_core.llm import ToolChoice
from agents_core.testing.vendor import Asked
from agents_core.tools import FunctionTool


def asked(
    chat_ctx: ChatContext,
    tools: Sequence[FunctionTool],
    tool_choice: ToolChoice,
    *,
    instructions: str = "",
    schema: Mapping[str, object] | None = None,
) -> Asked:
    """A request to a model, as a vendor would tell a suite of it."""
    messages = tuple(said for item in chat_ctx.items if (said := _said(item)) is not None)
    return Asked(
        messages=((("system", instructions),) if instructions else ()) + messages,
        tools={tool.name: tool.strict_parameters or tool.parameters for tool in tools},
        tool_choice=tool_choice if isinstance(tool_choice, str) else tool_choice.name,
        schema=schema,
    )


def last_heard(chat_ctx: ChatContext) -> str:
    """The last thing that a user said or a tool answered; empty where nothing was."""
    for item in reversed(chat_ctx.items):
        if isinstance(item, FunctionCallOutput):
            return item.output
        if isinstance(item, ChatMessage) and item.role == "user":
            return item.text_content or ""
    return ""


def words_in(chat_ctx: ChatContext) -> Iterator[str]:
    """Every word of the conversation: what a fake takes for tokens."""
    for item in chat_ctx.items:
        said = _said(item)
        yield from said[1].split() if said is not None else ()


def _said(item: ChatItem) -> tuple[str, str] | None:
    match item:
        case ChatMessage(role="developer"):
            return "system", item.text_content or ""
        case ChatMessage(role=role):
            return role, item.text_content or ""
        case FunctionCall(name=name):
            return "call", name
        case FunctionCallOutput(output=output):
            return "output", output
        case _:
            return None
