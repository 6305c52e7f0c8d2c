"""A conversation in turns: calls of tools beside what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents_core.chat.context import ChatContext
from agents_core.chat.items import (
    AgentHandoff,
    ChatItem,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that somebody said, and the tools that were called with it, and their answers."""

    message: ChatMessage | None = None
    calls: tuple[tuple[FunctionCall, FunctionCallOutput], ...] = ()


def turns(context: ChatContext) -> Iterator[Turn]:
    """The turns of `context`, in order.

    Calls that follow one another were made together, with the assistant's message before them.
    Their answers stand with them, wherever they came: providers refuse a call that is not answered
    at once. Calls without an answer, answers without a call, and empty messages are left out.
    """
    outputs = _first_outputs(context.items)
    calls: list[tuple[FunctionCall, FunctionCallOutput]] = []
    message: ChatMessage | None = None
    for item in context.items:
        match item:
            case FunctionCall() if item.call_id in outputs:
                calls.append((item, outputs.pop(item.call_id)))
            case ChatMessage() if item.content:
                yield from _turn(message, calls)
                message, calls = item, []
                if item.role != "assistant":
                    yield Turn(message=item)
                    message = None
            case FunctionCallOutput() if calls:
                yield from _turn(message, calls)
                message, calls = None, []
            case ChatMessage() | FunctionCall() | FunctionCallOutput() | AgentHandoff():
                pass
    yield from _turn(message, calls)


def _first_outputs(items: Sequence[ChatItem]) -> dict[str, FunctionCallOutput]:
    """The first answer to each call that came after it."""
    called: set[str] = set()
    outputs: dict[str, FunctionCallOutput] = {}
    for item in items:
        if isinstance(item, FunctionCall):
            called.add(item.call_id)
        elif isinstance(item, FunctionCallOutput) and item.call_id in called:
            outputs.setdefault(item.call_id, item)
    return outputs


def _turn(
    message: ChatMessage | None, calls: Iterable[tuple[FunctionCall, FunctionCallOutput]]
) -> Iterator[Turn]:
    together = tuple(calls)
    if message is not None or together:
        yield Turn(message=message, calls=together)
