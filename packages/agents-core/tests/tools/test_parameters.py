from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from agents_core.tools import FunctionTool, RunContext, function_tool
from agents_core.tools.parameters import UnfitArguments


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Place(BaseModel):
    """Somewhere."""

    title: str
    height: float = 0.0


class Tree(BaseModel):
    children: list[Tree] = []


class Data:
    pass


async def everything(  # noqa: PLR0913 - one of each kind
    context: RunContext[dict[str, int]],
    city: str,
    place: Place,
    colours: list[Colour],
    unit: Literal["c", "f"] = "c",
    near: str | None = None,
    count: Annotated[int, Field(description="How many.", ge=1)] = 3,
    words: str = Field(default="none", description="Said."),
    json: bool = False,  # noqa: FBT002 - models name arguments
    schema: Any = None,  # noqa: ANN401 - one of each kind
) -> None:
    """Look.

    Args:
        city: where
            to look.
        count: not this, as the annotation says more.
        context: never told.
    """


tool = function_tool(everything)
WHOLE = {"city": "Oslo", "place": {"title": "square"}, "colours": ["red"]}


def test_a_signature_is_told_as_a_schema() -> None:
    schema = tool.parameters
    told = schema["properties"]

    assert list(told) == [
        *("city", "place", "colours", "unit", "near", "count", "words", "json", "schema")
    ]
    assert schema["required"] == ["city", "place", "colours"]
    assert told["city"] == {"type": "string", "description": "where to look."}
    assert told["unit"] == {"enum": ["c", "f"], "type": "string", "default": "c"}
    assert told["near"] == {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    assert told["count"] == {
        "type": "integer",
        "minimum": 1,
        "default": 3,
        "description": "How many.",
    }
    assert told["words"]["description"] == "Said."
    assert schema["$defs"]["Colour"] == {"enum": ["red", "blue"], "type": "string"}
    assert schema["$defs"]["Place"]["properties"]["title"] == {"type": "string"}
    assert schema["$defs"]["Place"]["description"] == "Somewhere."


def test_what_a_model_writes_becomes_what_the_function_takes() -> None:
    arguments = tool.checks.arguments(WHOLE | {"count": "4", "invented": 1})

    assert arguments == {
        "city": "Oslo",
        "place": Place(title="square"),
        "colours": [Colour.RED],
        "unit": "c",
        "near": None,
        "count": 4,
        "words": "none",
        "json": False,
        "schema": None,
    }
    assert tool.checks.context == "context"


def test_null_is_the_default_where_null_does_not_fit() -> None:
    arguments = tool.checks.arguments(WHOLE | {"count": None, "unit": None, "near": None})

    assert (arguments["count"], arguments["unit"], arguments["near"]) == (3, "c", None)
    with pytest.raises(UnfitArguments, match="city: "):
        tool.checks.arguments(WHOLE | {"city": None})


def test_what_does_not_fit_is_said_by_place_and_never_repeated() -> None:
    written = WHOLE | {"place": {"title": 5}, "colours": ["green" * 1000], "count": 0}

    with pytest.raises(UnfitArguments) as raised:
        tool.checks.arguments(written)

    message = str(raised.value)
    assert "place.title: " in message
    assert "colours.0: " in message
    assert "count: Input should be greater than or equal to 1" in message
    assert "greengreen" not in message


def test_at_most_ten_faults_are_told() -> None:
    with pytest.raises(UnfitArguments) as raised:
        tool.checks.arguments(WHOLE | {"colours": ["no"] * 500})

    assert str(raised.value).count(";") == 9


@pytest.mark.property
@given(
    written=st.dictionaries(
        st.sampled_from(["city", "place", "count", "colours", "x", "__class__", ""]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=5,
        ),
    )
)
def test_anything_written_fits_or_is_unfit(written: dict[str, Any]) -> None:
    try:
        arguments = tool.checks.arguments(written)
    except UnfitArguments:
        return
    assert isinstance(arguments["place"], Place)
    assert isinstance(arguments["city"], str)


def test_a_function_without_parameters_takes_an_empty_object() -> None:
    async def nothing() -> None: ...

    bare = function_tool(nothing)
    assert bare.parameters == {"type": "object", "properties": {}}
    assert bare.checks.arguments({"invented": 1}) == {}


def _unannotated(city) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001 - the case


def _any_number(*cities: str) -> None: ...


def _by_place(city: str, /) -> None: ...


def _unknown_to_json(data: Data) -> None: ...


def _a_callable(work: Callable[[], None]) -> None: ...


def _unknown_name(city: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821 - the case


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (_unannotated, "_unannotated: parameter 'city' has no annotation"),
        (_any_number, r"_any_number: models name arguments, \*cities"),
        (_by_place, "_by_place: models name arguments"),
        (_unknown_to_json, "Data"),
        (_a_callable, "_a_callable"),
        (_unknown_name, "_unknown_name: name 'Nowhere' is not defined"),
    ],
)
def test_what_cannot_be_described_is_refused_with_a_name(
    function: Callable[..., Any], why: str
) -> None:
    refused = FunctionTool(function, name="refused", description="")

    with pytest.raises(TypeError, match=why):
        _ = refused.parameters


def test_a_raw_schema_hands_on_what_was_written() -> None:
    async def raw(raw_arguments: dict[str, object], context: RunContext[Any]) -> None: ...

    passing = function_tool(raw_schema={"parameters": {"type": "object"}})(raw)
    assert passing.checks.arguments({"any": 1}) == {"raw_arguments": {"any": 1}}
    assert passing.checks.context == "context"

    async def deaf() -> None: ...

    with pytest.raises(TypeError, match="needs a parameter 'raw_arguments'"):
        _ = function_tool(raw_schema={"parameters": {}})(deaf).parameters


def test_a_type_that_holds_itself_is_described() -> None:
    async def plant(tree: Tree) -> None: ...

    assert "Tree" in function_tool(plant).parameters["$defs"]
