"""What a language model answers, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionToolCall:
    """A tool that the model wants called; whole, never a piece of one."""

    call_id: str
    name: str
    arguments: str
    """JSON, as the model wrote it: not to be trusted."""
    extra: Mapping[str, object] | None = None
    """What the provider wants to see again, such as a signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceDelta:
    """What is new in the answer."""

    role: Literal["assistant"] = "assistant"
    content: str | None = None
    tool_calls: tuple[FunctionToolCall, ...] = ()
    extra: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionUsage:
    """What the answer cost, in tokens."""

    completion_tokens: int
    prompt_tokens: int
    prompt_cached_tokens: int = 0
    total_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChunk:
    """A piece of an answer."""

    id: str
    """By which the provider knows the answer."""
    delta: ChoiceDelta | None = None
    usage: CompletionUsage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedResponse:
    """A whole answer."""

    text: str
    tool_calls: tuple[FunctionToolCall, ...] = ()
    usage: CompletionUsage | None = None
    extra: Mapping[str, object] | None = None
    """All that deltas said beside text and tool calls; the last word counts."""
    parsed: Any = None
    """The text as an object, where a class was the `response_format`, and the text fits it."""
