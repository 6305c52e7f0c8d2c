from __future__ import annotations

import base64
import json

from agents_core.audio import AudioFrame
from agents_core.chat import (
    AgentHandoff,
    AudioContent,
    ChatContext,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)
from agents_core.chat.formats import to_openai

PNG = b"\x89PNG"


def call(call_id: str, name: str = "look", **more: object) -> FunctionCall:
    return FunctionCall(call_id=call_id, name=name, arguments='{"at": 1}', **more)  # type: ignore[arg-type]


def output(call_id: str, text: str = "seen") -> FunctionCallOutput:
    return FunctionCallOutput(call_id=call_id, name="look", output=text, is_error=False)


def user(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=(text,))


def assistant(text: str) -> ChatMessage:
    return ChatMessage(role="assistant", content=(text,))


def tool_call(call_id: str) -> dict[str, object]:
    function = {"name": "look", "arguments": '{"at": 1}'}
    return {"id": call_id, "type": "function", "function": function}


def test_messages_are_roles_and_texts() -> None:
    context = ChatContext(
        [
            ChatMessage(role="system", content=("be kind",)),
            ChatMessage(role="developer", content=("and", "brief")),
            user("hello"),
            assistant("hi"),
            AgentHandoff(new_agent_id="b"),
            user(""),
        ]
    )

    assert to_openai(context) == [
        {"role": "system", "content": "be kind"},
        {"role": "developer", "content": "and\nbrief"},
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": "hi"},
    ]
    assert to_openai(context, instruction_role="system")[1]["role"] == "system"
    assert to_openai(ChatContext()) == []


def test_calls_that_follow_one_another_are_one_message_before_their_outputs() -> None:
    context = ChatContext(
        [
            user("look twice"),
            assistant("sure"),
            call("1"),
            call("2"),
            output("2", "b"),
            output("1", "a"),
        ]
    )

    assert to_openai(context) == [
        {"role": "user", "content": "look twice"},
        {"role": "assistant", "content": "sure", "tool_calls": [tool_call("1"), tool_call("2")]},
        {"role": "tool", "tool_call_id": "1", "content": "a"},
        {"role": "tool", "tool_call_id": "2", "content": "b"},
    ]


def test_one_call_after_another_are_two_messages_without_content() -> None:
    context = ChatContext(
        [user("x"), call("1"), output("1"), call("2"), output("2"), assistant("so")]
    )

    assert to_openai(context)[1:] == [
        {"role": "assistant", "tool_calls": [tool_call("1")]},
        {"role": "tool", "tool_call_id": "1", "content": "seen"},
        {"role": "assistant", "tool_calls": [tool_call("2")]},
        {"role": "tool", "tool_call_id": "2", "content": "seen"},
        {"role": "assistant", "content": "so"},
    ]


def test_an_output_stands_with_its_call_whatever_was_said_meanwhile() -> None:
    context = ChatContext([call("1"), user("are you there?"), output("1")])

    assert [each["role"] for each in to_openai(context)] == ["assistant", "tool", "user"]


def test_calls_and_outputs_without_each_other_are_left_out() -> None:
    context = ChatContext(
        [
            output("0"),
            output("1"),
            user("x"),
            call("1"),
            call("2"),
            output("2"),
            output("2", "again"),
            output("9"),
        ]
    )

    assert to_openai(context) == [
        {"role": "user", "content": "x"},
        {"role": "assistant", "tool_calls": [tool_call("2")]},
        {"role": "tool", "tool_call_id": "2", "content": "seen"},
    ]


def test_pictures_and_sound_of_the_user_are_parts() -> None:
    sound = AudioFrame(b"\1\0", 8000)
    context = ChatContext(
        [
            ChatMessage(
                role="user",
                content=(
                    "what is this?",
                    ImageContent(image="https://pictures.test/a.png", inference_detail="high"),
                    ImageContent(image=PNG, mime_type="image/png"),
                    AudioContent(frames=(sound,)),
                    AudioContent(frames=(sound,), transcript="said"),
                    AudioContent(frames=()),
                ),
            )
        ]
    )
    [message] = to_openai(context)
    content = message["content"]

    assert content[0] == {"type": "text", "text": "what is this?"}
    url = "https://pictures.test/a.png"
    assert content[1] == {"type": "image_url", "image_url": {"url": url, "detail": "high"}}
    data = base64.b64encode(PNG).decode()
    assert content[2]["image_url"] == {"url": f"data:image/png;base64,{data}", "detail": "auto"}
    assert content[3]["type"] == "input_audio"
    assert content[3]["input_audio"]["format"] == "wav"
    assert base64.b64decode(content[3]["input_audio"]["data"]).endswith(b"\1\0")
    assert content[4] == {"type": "text", "text": "said"}
    assert len(content) == 5
    json.dumps(message)


def test_pictures_of_others_are_left_out() -> None:
    picture = ImageContent(image=PNG, mime_type="image/png")
    context = ChatContext([ChatMessage(role="assistant", content=("look", picture))])

    assert to_openai(context) == [{"role": "assistant", "content": "look"}]
    assert to_openai(ChatContext([ChatMessage(role="assistant", content=(picture,))])) == []


def test_what_the_provider_wants_to_see_again_is_beside_the_call() -> None:
    signed = call("1", extra={"openai": {"extra_content": {"a": 1}}, "google": {"b": 2}})
    context = ChatContext([signed, output("1")])

    assert to_openai(context)[0]["tool_calls"] == [tool_call("1") | {"extra_content": {"a": 1}}]
