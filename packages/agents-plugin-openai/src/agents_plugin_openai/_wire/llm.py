"""What a chat completion is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agents_core.chat.formats import to_openai
from agents_core.llm import ChatRequest, NamedToolChoice, ToolChoice
from agents_core.tools import strict_schema, tools_to_openai

_LONGEST_NAME = 64
_NO_NAME = re.compile(r"[^a-zA-Z0-9_-]+")
_NOT_SENT = frozenset(("strict_tool_schema", "tool_choice", "parallel_tool_calls", "extra_body"))
"""Options that the vendor has no field for, or that wait for a request with tools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """How it answers; what is None is left to the service.

    Fields are named as OpenAI names them, but for the last three.
    """

    model: str
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    max_completion_tokens: int | None = None
    stop: str | tuple[str, ...] | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    service_tier: str | None = None
    store: bool | None = None
    metadata: Mapping[str, str] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    parallel_tool_calls: bool | None = None
    tool_choice: ToolChoice | None = None
    """For requests that leave the choice to the model."""
    strict_tool_schema: bool = True
    """Whether to hold the model to the schemas of tools, where they allow it."""
    extra_body: Mapping[str, object] = field(default_factory=dict)
    """Added to each body; there, None takes a field away."""


def format_request(
    request: ChatRequest,
    options: ChatOptions,
    *,
    instruction_role: Literal["developer", "system"] | None,
) -> dict[str, Any]:
    """The body that asks for a streamed answer."""
    own = {name: getattr(options, name) for name in ChatOptions.__slots__ if name not in _NOT_SENT}
    body = {
        "messages": to_openai(request.chat_ctx, instruction_role=instruction_role),
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": _response_format(request),
        **own,
        **_tools(request, options),
        **options.extra_body,
        **request.extra_kwargs,
    }
    return {name: value for name, value in body.items() if value is not None}


def _tools(request: ChatRequest, options: ChatOptions) -> dict[str, Any]:
    if not request.tools:
        return {}
    choice = request.tool_choice
    parallel = request.parallel_tool_calls
    return {
        "tools": tools_to_openai(request.tools, strict=options.strict_tool_schema),
        "tool_choice": _choice(options.tool_choice if choice == "auto" else choice),
        "parallel_tool_calls": options.parallel_tool_calls if parallel is None else parallel,
    }


def _choice(choice: ToolChoice | None) -> object:
    if isinstance(choice, NamedToolChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return choice


def _response_format(request: ChatRequest) -> dict[str, Any] | None:
    schema = request.response_schema
    if schema is None:
        return None
    strict = _strict(schema)
    held = {"schema": schema} if strict is None else {"schema": strict, "strict": True}
    name = _NO_NAME.sub("_", str(schema.get("title", "answer")))[:_LONGEST_NAME]
    return {"type": "json_schema", "json_schema": {"name": name, **held}}


def _strict(schema: Mapping[str, object]) -> dict[str, Any] | None:
    """The schema with all properties required; None where a model cannot be held to it."""
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return None
    # Not nullable, as those of tools: a null in place of a default does not fit the user's type.
    return strict_schema({**schema, "required": list(properties)})
