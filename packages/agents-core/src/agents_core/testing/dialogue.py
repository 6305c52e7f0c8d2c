"""What the suites say: words, a conversation, some tools and a shape for answers."""

from __future__ import annotations

import json
from typing import Any

from agents_core.chat import ChatContext, ChatMessage, FunctionCall, FunctionCallOutput
from agents_core.tools import FunctionTool, function_tool

WORDS = "Six geese fly."
OTHER_WORDS = "No one rang."

HISTORY: tuple[tuple[Any, str], ...] = (
    ("system", "You are brief. Grüezi!"),
    ("user", "How is the weather in 東京?"),
    ("call", "get_weather"),
    ("output", '{"sky": "clear ☀"}'),
    ("assistant", "Clear."),
    ("user", "And how warm is it?"),
)
"""Who said what, as `agents_core.testing.vendor.Asked` tells it."""


def conversation() -> ChatContext:
    """`HISTORY`, as a user of the core has it."""
    chat_ctx = ChatContext()
    for role, text in HISTORY:
        match role:
            case "call":
                arguments = '{"city": "東京", "days": 1}'
                chat_ctx.items.append(FunctionCall(call_id="1", name=text, arguments=arguments))
            case "output":
                output = FunctionCallOutput(
                    call_id="1", name="get_weather", output=text, is_error=False
                )
                chat_ctx.items.append(output)
            case _:
                chat_ctx.items.append(ChatMessage(role=role, content=(text,)))
    return chat_ctx


def tools() -> tuple[FunctionTool, ...]:
    """One with parameters, one without."""

    @function_tool
    async def get_weather(city: str, days: int) -> str:
        """Tell the weather of some days.

        Args:
            city: where.
            days: how many.
        """
        return f"clear in {city} for {days} days"

    @function_tool
    async def stop() -> None:
        """Stop talking."""

    made = (get_weather, stop)
    for tool in made:
        _ = tool.parameters  # imports what takes longer than some of the timeouts of a suite
    return made


def reading() -> type:
    """What a structured answer has to fit: a city, and degrees."""
    from pydantic import BaseModel

    class Reading(BaseModel):
        city: str
        degrees: int

    return Reading


def parsed(arguments: str) -> object:
    """What the JSON of a call says; where it is none, words that say so."""
    try:
        return json.loads(arguments)
    except ValueError:
        return f"no JSON: {arguments!r}"
