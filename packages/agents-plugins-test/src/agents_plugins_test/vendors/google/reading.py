"""What Google is told, in the words of the core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agents_core.testing.vendor import Asked

ECHO = "Repeat exactly, and nothing else: "

_ROLES = {"user": "user", "model": "assistant"}
_CHOICES = {"AUTO": "auto", "NONE": "none"}


class Refused(Exception):
    """What Google would not take; the words say why."""


def said(contents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Who said what.

    Raises:
        Refused: a turn is empty, or of nobody.
    """
    for content in contents:
        if not content.get("parts") or content.get("role") not in _ROLES:
            raise Refused("a turn has a role, user or model, and parts")
        for part in content["parts"]:
            yield _said(part, _ROLES[content["role"]])


def _said(part: Mapping[str, Any], role: str) -> tuple[str, str]:
    match part:
        case {"text": str(text)}:
            return role, text
        case {"functionCall": {"name": str(name), "args": {}}}:
            return "call", name
        case {"functionResponse": {"name": str(), "response": {"output": str(output)}}}:
            return "output", output
        case {"functionResponse": {"name": str(), "response": {"error": str(output)}}}:
            return "output", output
        case {"inlineData": {"data": str(), "mimeType": str(kind)}}:
            return role, f"<{kind}>"
        case {"fileData": {"fileUri": str(uri), "mimeType": str()}}:
            return role, uri
        case _:
            raise Refused(f"no part: {part}")


def check_ids(message: object) -> None:
    """Go on where no tool in it has an id, which Vertex AI does not know.

    Raises:
        Refused: one has.
    """
    match message:
        case {"functionCall": {"id": _}} | {"functionResponse": {"id": _}}:
            raise Refused('Unknown name "id": Cannot find field.')
        case {"functionResponses": [*responses]} if any("id" in each for each in responses):
            raise Refused('Unknown name "id": Cannot find field.')
        case {**fields}:
            check_ids(list(fields.values()))
        case [*values]:
            for each in values:
                check_ids(each)
        case _:
            pass


def take_off(calls: list[tuple[str | None, str]], response: Mapping[str, Any]) -> None:
    """Take the call off the list that this answers.

    Raises:
        Refused: there is none.
    """
    called = (response.get("id"), response["name"])
    if called not in calls:
        raise Refused("an answer of a tool that was not called")
    calls.remove(called)


def instruction(holder: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the system said."""
    parts = holder.get("systemInstruction", {}).get("parts", ())
    return (("system", "\n".join(part["text"] for part in parts)),) if parts else ()


def declared(
    holder: Mapping[str, Any], schema: str, *, required: bool = True
) -> dict[str, Mapping[str, object]]:
    """The tools that may be called, with the schema that each has under this name.

    Raises:
        Refused: one has none, where it is required.
    """
    declarations = [
        each for tool in holder.get("tools", ()) for each in tool.get("functionDeclarations", ())
    ]
    if required and any(schema not in each for each in declarations):
        raise Refused(f"a function has {schema}")
    return {each["name"]: each.get(schema, {}) for each in declarations}


def check_wanted(query: Mapping[str, str]) -> None:
    """Go on where server-sent events are wanted, and there is no key in the URL.

    Raises:
        Refused: otherwise.
    """
    if dict(query) != {"alt": "sse"}:
        raise Refused("the answer is wanted as server-sent events, and nothing else is asked")


def read_request(body: Mapping[str, Any]) -> Asked:
    """A request for one answer.

    Raises:
        Refused: it lacks something, or has what is not known.
    """
    unknown = body.keys() - _FIELDS
    if unknown or not body.get("contents") or body["contents"][-1].get("role") != "user":
        raise Refused(f"no request: it has {sorted(unknown)}, or does not end with the user")
    if "cachedContent" in body and body.keys() & {"systemInstruction", "tools", "toolConfig"}:
        raise Refused("what a cache holds cannot be given beside it")
    calling = body.get("toolConfig", {}).get("functionCallingConfig", {})
    mode = calling.get("mode", "AUTO")
    return Asked(
        messages=instruction(body) + tuple(said(body["contents"])),
        tools=declared(body, "parametersJsonSchema"),
        tool_choice=calling.get("allowedFunctionNames", [_CHOICES.get(mode, "required")])[0],
        schema=body.get("generationConfig", {}).get("responseJsonSchema"),
    )


_FIELDS = {
    "contents",
    "systemInstruction",
    "tools",
    "toolConfig",
    "generationConfig",
    "safetySettings",
    "cachedContent",
    "labels",
}
