from __future__ import annotations

import pytest
from pydantic import BaseModel

from agents_core.tools import function_tool, tools_to_google, tools_to_openai


class Place(BaseModel):
    name: str


class Chain(BaseModel):
    next: Chain | None = None


@function_tool
async def visit(place: Place, days: int = 1) -> None:
    """Go there."""


@function_tool
async def tag(labels: dict[str, str]) -> None:
    """Label it."""


@function_tool
async def link(chain: Chain) -> None:
    """Link it."""


def test_openai_holds_models_to_what_can_be_held() -> None:
    strict, loose = tools_to_openai([visit, tag])

    assert strict["type"] == "function"
    assert strict["function"]["name"] == "visit"
    assert strict["function"]["description"] == "Go there."
    assert strict["function"]["strict"] is True
    assert strict["function"]["parameters"] == visit.strict_parameters
    assert "strict" not in loose["function"]
    assert loose["function"]["parameters"] == tag.parameters
    [unheld] = tools_to_openai([visit], strict=False)
    assert unheld["function"]["parameters"] == visit.parameters


def test_google_gets_schemas_that_refer_to_nothing() -> None:
    [declaration] = tools_to_google([visit])

    assert declaration == {
        "name": "visit",
        "description": "Go there.",
        "parameters_json_schema": {
            "type": "object",
            "properties": {
                "place": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}},
                    "required": ["name"],
                },
                "days": {"type": "integer", "default": 1},
            },
            "required": ["place"],
        },
    }
    with pytest.raises(ValueError, match="the schema of Chain refers to itself"):
        tools_to_google([link])
