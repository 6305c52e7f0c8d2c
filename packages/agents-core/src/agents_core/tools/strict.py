"""A schema in the form to which providers can hold a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MAPS = ("properties", "$defs")
_LISTS = ("anyOf",)
_ONES = ("items",)
_FORMATS = frozenset(
    ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
)
_DROPPED = frozenset(
    ("default", "discriminator", "examples", "maxLength", "minLength", "uniqueItems")
)
"""What strict decoding does not know, and what is checked here anyway."""


class _NotStrict(Exception):
    """The schema allows what strict decoding cannot."""


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """`schema` with all properties required and no others allowed.

    Its own optional properties may be null, which `Parameters` takes for the default; those of
    objects within have to be written out. None where it cannot be written so: free keys, or places
    of a list with types of their own. The rules are those of OpenAI's structured outputs.
    """
    required = schema.get("required", ())
    properties = {
        name: each if name in required or admits_null(each) else _nullable(each)
        for name, each in schema.get("properties", {}).items()
    }
    try:
        return _strict({**schema, "properties": properties}, schema.get("$defs", {}))
    except _NotStrict:
        return None


def admits_null(schema: Mapping[str, Any]) -> bool:
    """Whether null fits `schema`; references are not followed."""
    kind = schema.get("type")
    if kind is not None:
        return kind == "null" or (isinstance(kind, list) and "null" in kind)
    if "enum" in schema:
        return None in schema["enum"]
    if "anyOf" in schema:
        return any(admits_null(each) for each in schema["anyOf"])
    return not schema.keys() & {"$ref", "const", "allOf", "oneOf"}


def _strict(node: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    node = _plain(node, defs)
    if "prefixItems" in node or "patternProperties" in node:
        raise _NotStrict
    strict: dict[str, Any] = {}
    for key, value in node.items():
        if key in _MAPS:
            strict[key] = {name: _strict(each, defs) for name, each in value.items()}
        elif key in _LISTS:
            strict[key] = [_strict(each, defs) for each in value]
        elif key in _ONES:
            strict[key] = _strict(value, defs)
        elif key not in _DROPPED and not (key == "format" and value not in _FORMATS):
            strict[key] = value
    return _closed(strict) if node.get("type") == "object" else strict


def _plain(node: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    """Without words that strict decoding has others for."""
    plain = dict(node)
    if "oneOf" in plain:
        plain["anyOf"] = plain.pop("oneOf")
    if len(plain.get("allOf", ())) == 1:
        [only] = plain.pop("allOf")
        plain = dict(only) | plain
    if "$ref" in plain and len(plain) > 1:  # a reference may have nothing beside it
        name = plain.pop("$ref").rpartition("/")[2]
        plain = dict(defs[name]) | plain
    return plain


def _closed(node: dict[str, Any]) -> dict[str, Any]:
    if node.get("additionalProperties"):
        raise _NotStrict
    properties = node.get("properties", {})
    closed = {"properties": properties, "required": list(properties), "additionalProperties": False}
    return node | closed


def _nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    inner = dict(schema)
    outer = {"description": inner.pop("description")} if "description" in inner else {}
    return outer | {"anyOf": [inner, {"type": "null"}]}
