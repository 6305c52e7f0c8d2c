"""Items of a realtime conversation, in two languages."""

# ruff: noqa: ANN401 - contents of any type

from __future__ import annotations

import base64
from typing import Any

import pytest

from agents_core.audio import silence
from agents_core.chat import (
    AgentHandoff,
    AudioContent,
    ChatItem,
    ChatMessage,
    ChatRole,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)
from agents_plugin_openai._wire.realtime_items import (
    changed,
    changes,
    conversation,
    format_item,
    read_item,
    replaced,
    with_text,
)
from agents_plugin_openai._wire.realtime_state import Change, Creation, Deletion

CALL = FunctionCall(id="c", call_id="1", name="look", arguments="{}")
OUTPUT = FunctionCallOutput(id="o", call_id="1", name="look", output="found", is_error=False)


def message(name: str, *content: Any, role: ChatRole = "user") -> ChatMessage:
    return ChatMessage(id=name, role=role, content=content)


@pytest.mark.parametrize(
    ("role", "told", "kind"),
    [
        ("user", "user", "input_text"),
        ("system", "system", "input_text"),
        ("developer", "system", "input_text"),
        ("assistant", "assistant", "output_text"),
    ],
)
def test_the_role_says_what_a_text_is_called(role: ChatRole, told: str, kind: str) -> None:
    assert format_item(message("m", "Hi.", "", role=role)) == {
        "type": "message",
        "id": "m",
        "role": told,
        "content": [{"type": kind, "text": "Hi."}],
    }


def test_before_general_availability_assistants_had_plain_text() -> None:
    told = format_item(message("m", "Hi.", role="assistant"), "beta")

    assert told is not None
    assert told["content"] == [{"type": "text", "text": "Hi."}]


def test_users_show_pictures_and_are_heard() -> None:
    heard = AudioContent(frames=(silence(0.1, sample_rate=48_000),))
    shown = ImageContent(image=b"png", mime_type="image/png")
    linked = ImageContent(image="https://example.org/a.png")

    told = format_item(message("m", heard, shown, linked, AudioContent(frames=())))

    assert told is not None
    content: Any = told["content"]
    assert [part["type"] for part in content] == ["input_audio", "input_image", "input_image"]
    assert len(base64.b64decode(content[0]["audio"])) == 24_000 * 2 // 10
    assert content[1]["image_url"] == "data:image/png;base64,cG5n"
    assert content[2]["image_url"] == "https://example.org/a.png"


@pytest.mark.parametrize(
    "item",
    [
        message("m"),
        message("m", ""),
        message("m", ImageContent(image="https://example.org/a.png"), role="assistant"),
        AgentHandoff(new_agent_id="a"),
    ],
)
def test_what_would_be_empty_is_not_told(item: ChatItem) -> None:
    assert format_item(item) is None


def test_what_was_said_is_told_as_text_where_it_is_written_down() -> None:
    heard = AudioContent(frames=(silence(0.1, sample_rate=24_000),), transcript="Hi.")

    told = format_item(message("m", heard))

    assert told is not None
    assert told["content"] == [{"type": "input_text", "text": "Hi."}]


def test_tools_and_their_answers_are_told() -> None:
    call = {"type": "function_call", "id": "c", "call_id": "1", "name": "look", "arguments": "{}"}
    output = {"type": "function_call_output", "id": "o", "call_id": "1", "output": "found"}

    assert format_item(CALL) == call
    assert format_item(OUTPUT) == output


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ({"type": "input_text", "text": "Hi."}, ("Hi.",)),
        ({"type": "output_text", "text": "Hi."}, ("Hi.",)),
        ({"type": "text", "text": "Hi."}, ("Hi.",)),
        ({"type": "input_audio", "transcript": "Hi."}, ("Hi.",)),
        ({"type": "output_audio", "transcript": "Hi."}, ("Hi.",)),
        ({"type": "input_audio", "transcript": None}, ()),
        ({"type": "output_audio"}, ()),
    ],
)
def test_a_message_says_what_is_written_of_it(part: dict[str, Any], content: tuple[str]) -> None:
    item = read_item({"id": "m", "type": "message", "role": "user", "content": [part]})

    assert isinstance(item, ChatMessage)
    assert (item.id, item.role, item.content) == ("m", "user", content)


def test_a_picture_comes_back() -> None:
    part = {"type": "input_image", "image_url": "https://example.org/a.png"}

    item = read_item({"id": "m", "type": "message", "role": "user", "content": [part]})

    assert isinstance(item, ChatMessage)
    [image] = item.content
    assert isinstance(image, ImageContent)
    assert image.image == "https://example.org/a.png"


def test_a_call_comes_back_and_an_answer_without_the_tool_s_name() -> None:
    call = read_item({"type": "function_call", "id": "c", "call_id": "1", "name": "look"})
    output = read_item(
        {"type": "function_call_output", "id": "o", "call_id": "1", "output": "found"}
    )

    assert isinstance(call, FunctionCall)
    assert (call.id, call.call_id, call.name, call.arguments) == ("c", "1", "look", "{}")
    assert isinstance(output, FunctionCallOutput)
    assert (output.name, output.output) == ("", "found")


def test_other_kinds_are_nobody_s_business() -> None:
    assert read_item({"type": "mcp_call", "id": "x"}) is None


def test_only_messages_say_something_else() -> None:
    cut = with_text(message("m", "Hi there."), "Hi", interrupted=True)

    assert isinstance(cut, ChatMessage)
    assert (cut.content, cut.interrupted) == (("Hi",), True)
    assert with_text(CALL, "Hi") is CALL


def test_a_newer_word_takes_the_place_of_an_item_but_not_of_its_time() -> None:
    old = message("m", "Hi")
    new = message("m", "Hi there.")

    [item] = replaced((old,), new)

    assert isinstance(item, ChatMessage)
    assert (item.content, item.created_at) == (("Hi there.",), old.created_at)
    assert replaced((old,), message("m")) == (old,)


TEXT = {"type": "input_text", "text": "Hi."}


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (
            FunctionCallOutput(call_id="c", name="look", output="no", is_error=True, id="o"),
            {"id": "o", "type": "function_call_output", "call_id": "c", "output": "no"},
        ),
        (
            ChatMessage(id="m", role="developer", content=("Hi.",), interrupted=True),
            {"id": "m", "type": "message", "role": "system", "content": [TEXT]},
        ),
        (
            FunctionCall(id="f", call_id="c", name="look", arguments="{}", extra={"a": 1}),
            {"id": "f", "type": "function_call", "call_id": "c", "name": "look"},
        ),
    ],
)
def test_what_the_service_does_not_know_of_an_item_stays(
    known: ChatItem, told: dict[str, Any]
) -> None:
    item = read_item(told)

    assert item is not None
    assert replaced((known,), item) == (known,)


def test_a_picture_without_a_place_is_none() -> None:
    part = {"type": "input_image"}

    item = read_item({"id": "m", "type": "message", "role": "user", "content": [part]})

    assert isinstance(item, ChatMessage)
    assert item.content == ()


ONE, TWO, THREE = message("1", "one"), message("2", "two"), message("3", "three")


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (Creation(item=THREE, after="root"), "312"),
        (Creation(item=THREE, after="1"), "132"),
        (Creation(item=THREE, after=""), "123"),
        (Creation(item=THREE, after="unknown"), "123"),
        (Deletion(item_id="1"), "2"),
    ],
)
def test_a_change_is_made_in_its_place(change: Change, names: str) -> None:
    assert "".join(item.id for item in changed((ONE, TWO), change)) == names


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        ((ONE, TWO), ()),
        ((ONE, TWO, THREE), ("+3 after 2",)),
        ((THREE, ONE, TWO), ("+3 after root",)),
        ((TWO,), ("-1",)),
        ((), ("-1", "-2")),
        ((message("1", " one "), TWO), ()),
        ((message("1"), TWO), ()),
        ((message("1", "other"), TWO), ("-1", "+1 after root")),
        ((ONE, AgentHandoff(id="h", new_agent_id="a"), TWO, CALL), ("+c after 2",)),
    ],
)
def test_what_differs_is_changed_and_nothing_else(
    wanted: tuple[ChatItem, ...], made: tuple[str, ...]
) -> None:
    found = changes((ONE, TWO), wanted)

    assert tuple(map(_written, found)) == made
    assert [item.id for item in conversation((ONE, TWO), found)] == [
        item.id for item in wanted if not isinstance(item, AgentHandoff)
    ]


def _written(change: Change) -> str:
    if isinstance(change, Deletion):
        return f"-{change.item_id}"
    return f"+{change.item.id} after {change.after}"


def test_items_change_places() -> None:
    found = changes((ONE, TWO), (TWO, ONE))

    assert [item.id for item in conversation((ONE, TWO), found)] == ["2", "1"]
