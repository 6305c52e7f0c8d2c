from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.audio import AudioFrame
from agents_core.chat import (
    AudioContent,
    ChatContext,
    ChatItem,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)
from agents_core.chat.formats import to_google

DOT = {"role": "user", "parts": [{"text": "."}]}
PNG = b"\x89PNG"


def said(role: str, *content: object) -> ChatMessage:
    return ChatMessage(role=role, content=content)  # type: ignore[arg-type]


def call(call_id: str, arguments: str = '{"at": 1}', **more: object) -> FunctionCall:
    return FunctionCall(call_id=call_id, name="look", arguments=arguments, **more)  # type: ignore[arg-type]


def output(call_id: str, *, is_error: bool = False) -> FunctionCallOutput:
    return FunctionCallOutput(call_id=call_id, name="look", output="seen", is_error=is_error)


def function_call(call_id: str, **args: object) -> dict[str, object]:
    return {"function_call": {"id": call_id, "name": "look", "args": args}}


def response(call_id: str, **said: str) -> dict[str, object]:
    return {"function_response": {"id": call_id, "name": "look", "response": said}}


def test_instructions_stand_apart_and_turns_of_one_role_are_one() -> None:
    chat = to_google(
        ChatContext(
            [
                said("system", "be kind"),
                said("user", "hello", "there"),
                said("user", "again"),
                said("developer", "be brief"),
                said("assistant", "hi"),
                said("user", "bye"),
            ]
        )
    )

    assert chat.system_instruction == "be kind\nbe brief"
    assert chat.contents == [
        {"role": "user", "parts": [{"text": "hello"}, {"text": "there"}, {"text": "again"}]},
        {"role": "model", "parts": [{"text": "hi"}]},
        {"role": "user", "parts": [{"text": "bye"}]},
    ]


@pytest.mark.parametrize("items", [[], [said("system", "hi")], [said("user", "")]], ids=range(3))
def test_a_user_who_said_nothing_has_a_turn(items: list[ChatItem]) -> None:
    assert to_google(ChatContext(items)).contents == [DOT]


def test_a_conversation_that_the_model_began_or_ended_gets_users_turns() -> None:
    chat = to_google(ChatContext([said("assistant", "hello")]))

    assert chat.contents == [DOT, {"role": "model", "parts": [{"text": "hello"}]}, DOT]
    assert chat.system_instruction is None


def test_calls_are_the_models_turn_and_their_outputs_the_next_one() -> None:
    context = ChatContext(
        [
            said("user", "x"),
            call("1"),
            call("2", "not json"),
            output("2", is_error=True),
            output("1"),
        ]
    )

    assert to_google(context).contents == [
        {"role": "user", "parts": [{"text": "x"}]},
        {"role": "model", "parts": [function_call("1", at=1), function_call("2")]},
        {"role": "user", "parts": [response("1", output="seen"), response("2", error="seen")]},
    ]


@pytest.mark.parametrize(
    "written", ["", "[1]", "{", "[" * 100_000], ids=["no", "list", "cut", "deep"]
)
def test_arguments_that_are_no_object_are_none(written: str) -> None:
    contents = to_google(ChatContext([said("user", "x"), call("1", written), output("1")])).contents

    assert contents[1]["parts"] == [function_call("1")]


def test_a_thought_signature_is_put_beside_its_call() -> None:
    signed = call("1", extra={"google": {"thought_signature": b"s"}})
    contents = to_google(ChatContext([said("user", "x"), signed, output("1")])).contents

    assert contents[1]["parts"] == [function_call("1", at=1) | {"thought_signature": b"s"}]


def test_pictures_and_sound_are_bytes_or_addresses() -> None:
    sound = AudioFrame(b"\1\0", 8000)
    data_url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    [turn] = to_google(
        ChatContext(
            [
                said(
                    "user",
                    ImageContent(image=PNG, mime_type="image/webp"),
                    ImageContent(image=data_url),
                    ImageContent(image="https://pictures.test/a.png"),
                    ImageContent(image="https://pictures.test/a"),
                    AudioContent(frames=(sound,)),
                    AudioContent(frames=(sound,), transcript="said"),
                    AudioContent(frames=()),
                )
            ]
        )
    ).contents

    assert turn["parts"][:4] == [
        {"inline_data": {"data": PNG, "mime_type": "image/webp"}},
        {"inline_data": {"data": PNG, "mime_type": "image/png"}},
        {"file_data": {"file_uri": "https://pictures.test/a.png", "mime_type": "image/png"}},
        {"file_data": {"file_uri": "https://pictures.test/a", "mime_type": "image/jpeg"}},
    ]
    assert turn["parts"][4]["inline_data"]["mime_type"] == "audio/wav"
    assert turn["parts"][5:] == [{"text": "said"}]


def test_a_data_url_that_cannot_be_read_is_refused() -> None:
    image = ImageContent(image="data:image/png;base64,!!!!")

    with pytest.raises(ValueError, match="cannot be read"):
        to_google(ChatContext([said("user", image)]))


some_calls = st.builds(call, st.sampled_from("123"))
some_outputs = st.builds(output, st.sampled_from("123"))
some_messages = st.builds(
    said, st.sampled_from(["user", "assistant", "system"]), st.sampled_from(["", "x"])
)


@pytest.mark.property
@given(items=st.lists(some_calls | some_outputs | some_messages, max_size=10))
def test_whatever_was_said_gemini_takes_it(items: list[ChatItem]) -> None:
    contents = to_google(ChatContext(items)).contents
    roles = [turn["role"] for turn in contents]

    assert roles[0] == roles[-1] == "user"
    assert all(one != other for one, other in pairwise(roles))
    for turn, answer in pairwise(contents):
        called = [part["function_call"]["id"] for part in turn["parts"] if "function_call" in part]
        answers = [
            part["function_response"]["id"]
            for part in answer["parts"]
            if "function_response" in part
        ]
        assert called == answers
        assert turn["parts"]
