"""Tools as providers want them described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agents_core.tools.function import FunctionTool


def tools_to_openai(tools: Iterable[FunctionTool], *, strict: bool = True) -> list[dict[str, Any]]:
    """The `tools` of a chat completion.

    Args:
        tools: what the model may call.
        strict: whether to hold the model to the schema, where the schema allows it.
    """
    return [{"type": "function", "function": _function(tool, strict=strict)} for tool in tools]


def tools_to_google(tools: Iterable[FunctionTool]) -> list[dict[str, Any]]:
    """The function declarations of a request to Gemini, with schemas that refer to nothing.

    Raises:
        ValueError: a schema refers to itself, which cannot be written out.
    """
    return [
        {
            "name": tool.name,
            "description": tool.description,
            "parameters_json_schema": _written_out(tool.parameters, tool.parameters, ()),
        }
        for tool in tools
    ]


def _function(tool: FunctionTool, *, strict: bool) -> dict[str, Any]:
    held = tool.strict_parameters if strict else None
    function = {"name": tool.name, "description": tool.description}
    if held is None:
        return function | {"parameters": tool.parameters}
    return function | {"parameters": held, "strict": True}


def _written_out(node: Any, root: Mapping[str, Any], within: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        return [_written_out(each, root, within) for each in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        if name in within:
            raise ValueError(f"the schema of {name} refers to itself")
        within = (*within, name)
        node = root["$defs"][name] | {key: node[key] for key in node if key != "$ref"}
    return {key: _written_out(node[key], root, within) for key in node if key != "$defs"}
