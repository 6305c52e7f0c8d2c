"""What a chat completion is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from agents_core.chat import ChatContext
from agents_core.llm import ChatRequest, NamedToolChoice, ToolChoice
from agents_core.tools import function_tool
from agents_plugin_openai._wire.llm import ChatOptions, format_request


@function_tool
async def get_weather(city: str, days: int = 1) -> str:
    """Tell the weather.

    Args:
        city: where.
        days: how many.
    """
    return f"clear in {city} for {days} days"


def request(**options: object) -> ChatRequest:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="developer", content="Be brief.")
    chat_ctx.add_message(role="user", content="Hello.")
    return ChatRequest(chat_ctx=chat_ctx, **options)


def body(
    asked: ChatRequest, *, role: Literal["developer", "system"] | None = None, **options: object
) -> dict[str, Any]:
    return format_request(asked, ChatOptions(model="m", **options), instruction_role=role)


def test_what_is_not_given_is_left_to_the_service() -> None:
    assert body(request()) == {
        "model": "m",
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": "Hello."},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_instructions_come_in_the_role_that_the_service_knows() -> None:
    assert body(request(), role="system")["messages"][0]["role"] == "system"


def test_tools_are_held_to_their_schemas() -> None:
    [tool] = body(request(tools=(get_weather,)))["tools"]

    assert tool["type"] == "function"
    assert tool["function"]["strict"]
    assert tool["function"]["parameters"]["required"] == ["city", "days"]


def test_tools_may_be_left_open() -> None:
    [tool] = body(request(tools=(get_weather,)), strict_tool_schema=False)["tools"]

    assert "strict" not in tool["function"]
    assert tool["function"]["parameters"]["required"] == ["city"]


@pytest.mark.parametrize(
    ("asked", "own", "sent"),
    [
        ("auto", None, None),
        ("auto", "required", "required"),
        ("none", "required", "none"),
        (
            NamedToolChoice("get_weather"),
            None,
            {"type": "function", "function": {"name": "get_weather"}},
        ),
    ],
)
def test_the_choice_of_a_request_comes_before_that_of_the_model(
    asked: ToolChoice, own: ToolChoice | None, sent: object
) -> None:
    sent_body = body(request(tools=(get_weather,), tool_choice=asked), tool_choice=own)

    assert sent_body.get("tool_choice") == sent


@pytest.mark.parametrize(("asked", "sent"), [(None, False), (True, True)])
def test_several_calls_at_once_are_the_request_s_to_allow(asked: bool | None, sent: bool) -> None:
    sent_body = body(
        request(tools=(get_weather,), parallel_tool_calls=asked), parallel_tool_calls=False
    )

    assert sent_body["parallel_tool_calls"] is sent


def test_choices_are_not_sent_without_tools() -> None:
    sent = body(request(tool_choice="required"), tool_choice="required", parallel_tool_calls=True)

    assert not sent.keys() & {"tools", "tool_choice", "parallel_tool_calls"}


def test_the_last_word_is_the_request_s_and_none_takes_a_field_away() -> None:
    sent = body(
        request(extra_kwargs={"seed": 3, "user": None}),
        temperature=0.5,
        user="u",
        extra_body={"seed": 2, "top_k": 4, "stream_options": None},
    )

    assert (sent["seed"], sent["top_k"], sent["temperature"]) == (3, 4, 0.5)
    assert not sent.keys() & {"user", "stream_options"}


def test_an_answer_is_held_to_the_shape_of_a_class() -> None:
    class Weather(BaseModel):
        city: str
        degrees: int = 20

    shape = body(request(response_format=Weather))["response_format"]

    assert shape["type"] == "json_schema"
    assert shape["json_schema"]["name"] == "Weather"
    assert shape["json_schema"]["strict"]
    schema = shape["json_schema"]["schema"]
    assert schema["required"] == ["city", "degrees"]
    assert schema["properties"]["degrees"]["type"] == "integer"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "string"},
        {"type": "object", "properties": {}, "additionalProperties": True},
    ],
)
def test_a_shape_to_which_a_model_cannot_be_held_is_sent_as_it_is(
    schema: Mapping[str, object],
) -> None:
    written = {"title": "A shape, é", **schema}
    shape = body(request(response_format=written))["response_format"]

    assert shape["json_schema"] == {"name": "A_shape_", "schema": written}
