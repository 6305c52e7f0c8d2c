from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from agents_core.tools import function_tool
from agents_core.tools.strict import admits_null, strict_schema


class Leg(BaseModel):
    length: int = 1
    kind: Literal["wood"] = "wood"


class Table(BaseModel):
    legs: list[Leg]
    next: Table | None = None


async def build(
    table: Annotated[Table, Field(description="What to build.")],
    name: str = "it",
    note: str | None = None,
    at: Annotated[str, Field(max_length=9)] = "",
) -> None:
    """Build."""


def objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for each in node.values():
            yield from objects(each)
    elif isinstance(node, list):
        for each in node:
            yield from objects(each)


def test_every_object_is_closed_and_every_property_required() -> None:
    strict = function_tool(build).strict_parameters

    assert strict is not None
    found = list(objects(strict))
    assert len(found) >= 3
    for each in found:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    assert "default" not in str(strict)
    assert "maxLength" not in str(strict)


def test_what_has_a_default_may_be_null() -> None:
    strict = function_tool(build).strict_parameters

    assert strict is not None
    assert strict["properties"]["name"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert strict["properties"]["note"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_a_reference_has_nothing_beside_it() -> None:
    strict = function_tool(build).strict_parameters

    assert strict is not None
    assert strict["properties"]["table"]["description"] == "What to build."
    assert "$ref" not in strict["properties"]["table"]
    assert strict["$defs"]["Table"]["properties"]["next"]["anyOf"][0] == {"$ref": "#/$defs/Table"}


async def free_keys(data: dict[str, int]) -> None: ...


async def any_object(data: dict) -> None: ...  # type: ignore[type-arg]


async def places(pair: tuple[int, str]) -> None: ...


@pytest.mark.parametrize("function", [free_keys, any_object, places])
def test_what_cannot_be_strict_is_none(function: Callable[..., Any]) -> None:
    assert function_tool(function).strict_parameters is None


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        ({"type": "null"}, True),
        ({"type": ["string", "null"]}, True),
        ({"type": "string"}, False),
        ({"enum": ["a", None]}, True),
        ({"enum": ["a"]}, False),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, True),
        ({"$ref": "#/$defs/X"}, False),
        ({}, True),
    ],
    ids=str,
)
def test_whether_null_fits_is_read_from_the_schema(schema: dict[str, Any], *, fits: bool) -> None:
    assert admits_null(schema) is fits


def test_one_of_becomes_any_of_and_all_of_one_is_that_one() -> None:
    schema = {
        "type": "object",
        "required": ["a", "b"],
        "properties": {
            "a": {"oneOf": [{"type": "string"}, {"type": "integer"}], "discriminator": {}},
            "b": {"allOf": [{"type": "string", "format": "uri"}]},
        },
    }
    strict = strict_schema(schema)

    assert strict is not None
    assert strict["properties"] == {
        "a": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "b": {"type": "string"},
    }
