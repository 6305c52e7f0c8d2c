"""What OpenAI objects to in a request for a chat completion, and what it reads in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from agents_core.testing.vendor import Asked

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ROLES = frozenset(("developer", "system", "user", "assistant", "tool"))
FIELDS = frozenset(
    (
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "messages",
        "metadata",
        "model",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_p",
        "user",
        "verbosity",
    )
)
"""Of a request, that OpenAI knows."""


def objection(body: Mapping[str, Any], *, fields: AbstractSet[str]) -> dict[str, object] | None:
    """The error for a request that is wrong, or has more than `fields`; None for a right one."""
    problem = next(_problems(body, fields), None)
    if problem is None:
        return None
    return {"message": problem, "type": "invalid_request_error", "param": None, "code": None}


def asked(body: Mapping[str, Any]) -> Asked:
    """The request, in the words of the core."""
    choice = body.get("tool_choice", "auto")
    functions = [tool["function"] for tool in body.get("tools", ())]
    shape = body.get("response_format") or {}
    return Asked(
        messages=tuple(said for message in body["messages"] for said in _said(message)),
        tools={function["name"]: function["parameters"] for function in functions},
        tool_choice=choice if isinstance(choice, str) else choice["function"]["name"],
        schema=shape.get("json_schema", {}).get("schema"),
    )


def _said(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    role, content = message["role"], message.get("content") or ""
    if role == "tool":
        yield "output", content
    elif content:
        yield "system" if role == "developer" else role, content
    for call in message.get("tool_calls", ()):
        yield "call", call["function"]["name"]


def _problems(body: Mapping[str, Any], fields: AbstractSet[str]) -> Iterator[str]:
    for name in sorted(body.keys() - fields):
        yield f"Unrecognized request argument supplied: {name}"
    if not body.get("model"):
        yield "you must provide a model parameter"
    if not body.get("messages"):
        yield "[] is too short - 'messages'"
    if body.get("stream") is not True:
        yield "this server streams only"
    if "tools" not in body and body.keys() & {"tool_choice", "parallel_tool_calls"}:
        yield "'tool_choice' and 'parallel_tool_calls' are only allowed when 'tools' are specified"
    yield from _problems_of_messages(body.get("messages", ()))
    yield from _problems_of_schemas(body)


def _problems_of_messages(messages: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Calls are answered at once, and nothing else is."""
    open_calls: set[str] = set()
    for message in messages:
        if message["role"] not in _ROLES:
            yield f"Invalid value: '{message['role']}'"
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_calls:
                yield "messages with role 'tool' must be a response to a preceding message"
            open_calls.discard(message["tool_call_id"])
        elif open_calls:
            yield "An assistant message with 'tool_calls' must be followed by tool messages"
        open_calls |= {call["id"] for call in message.get("tool_calls", ())}


def _problems_of_schemas(body: Mapping[str, Any]) -> Iterator[str]:
    described = [tool["function"] for tool in body.get("tools", ())]
    shape = body.get("response_format") or {}
    if shape.get("type") == "json_schema":
        described.append(shape["json_schema"])
    for each in described:
        if not _NAME.fullmatch(each["name"]):
            yield f"Invalid 'name': {each['name']!r} does not match the pattern"
        schema = each.get("parameters") or each.get("schema") or {}
        if each.get("strict") and not _is_strict(schema):
            yield f"Invalid schema for '{each['name']}': properties are left open"


def _is_strict(schema: Mapping[str, Any]) -> bool:
    names = list(schema.get("properties", {}))
    return schema.get("additionalProperties") is False and schema.get("required") == names
