"""Names as Google's JSON has them, of those that Python has."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

_OF_USERS = frozenset(
    ("args", "response", "parameters_json_schema", "parametersJsonSchema", "responseJsonSchema")
)
"""Fields whose names within are a user's, and none of Google's."""
_OF_TOOLS = frozenset(("functionCall", "functionResponse", "functionResponses"))
"""Fields that hold a call of a tool, or what it answered."""


def camel(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """`value` with names in camel case and bytes in base64, as JSON can hold it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {_camel(name): _field(name, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [camel(each) for each in value]
    return value


def given(fields: Mapping[str, object]) -> dict[str, Any]:
    """Those that are not None, named and written as Google has them."""
    return {_camel(name): camel(each) for name, each in fields.items() if each is not None}


def without_ids(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """`value`, named as Google has it, with no ids of calls, and of what answers them."""
    if isinstance(value, Mapping):
        return {name: _nameless(name, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_ids(each) for each in value]
    return value


def _nameless(name: str, value: Any) -> Any:  # noqa: ANN401 - likewise
    if name not in _OF_TOOLS:
        return value if name in _OF_USERS else without_ids(value)
    several = isinstance(value, list)
    bare = [
        {field: each for field, each in tool.items() if field != "id"}
        for tool in (value if several else [value])
    ]
    return bare if several else bare[0]


def _field(name: str, value: Any) -> Any:  # noqa: ANN401 - likewise
    return value if name in _OF_USERS else camel(value)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
