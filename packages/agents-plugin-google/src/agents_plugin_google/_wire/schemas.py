"""Schemas of tools as conversations take them: Google's own kind, which knows less than JSON's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KEPT = (
    "title",
    "description",
    "nullable",
    "maxItems",
    "minItems",
    "required",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
)
_FORMATS = frozenset(("int32", "int64", "float", "double", "date-time", "enum"))
"""Others are refused."""


def to_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of a tool, which refers to nothing, with what Google does not know left out.

    What is left out is checked where the tool is called.
    """
    node = _plain(schema)
    made = {name: node[name] for name in _KEPT if name in node}
    if "type" in node:
        made["type"] = node["type"].upper()
    if node.get("format") in _FORMATS:
        made["format"] = node["format"]
    if node.get("enum") and all(isinstance(each, str) for each in node["enum"]):
        made["enum"] = list(node["enum"])
    if "anyOf" in node:
        made["anyOf"] = [to_schema(each) for each in node["anyOf"]]
    if "items" in node:
        made["items"] = to_schema(node["items"])
    if "properties" in node:
        made["properties"] = {name: to_schema(each) for name, each in node["properties"].items()}
    return made


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same, in the words that Google has for it."""
    node = dict(schema)
    if len(node.get("allOf", ())) == 1:
        [only] = node.pop("allOf")
        node = dict(only) | node
    if "const" in node:
        node["enum"] = [node.pop("const")]
    choices = node.pop("anyOf", None) or node.pop("oneOf", None) or ()
    if isinstance(node.get("type"), list):
        choices = [{"type": each} for each in node.pop("type")]
    others = [each for each in choices if each.get("type") != "null"]
    if len(others) < len(choices):
        node["nullable"] = True
    if len(others) == 1:
        return _plain(dict(others[0]) | node)
    return node | ({"anyOf": others} if others else {})
