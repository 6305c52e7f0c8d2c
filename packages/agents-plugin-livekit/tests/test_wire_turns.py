"""What the models read of a conversation."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.chat import ChatContext, FunctionCall, ImageContent
from agents_plugin_livekit._wire.turns import Turn, plain, spoken, turns, without_end


def conversation(*said: tuple[str, str]) -> ChatContext:
    chat_ctx = ChatContext()
    for role, text in said:
        chat_ctx.add_message(role=role, content=text)  # type: ignore[arg-type]
    return chat_ctx


def read(chat_ctx: ChatContext) -> tuple[Turn, ...]:
    return turns(spoken(chat_ctx))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Well, I don't know...", "well i don't know"),
        ("  twenty-one\n\tnights ", "twenty-one nights"),
        ("\N{INVERTED QUESTION MARK}Qu\N{LATIN SMALL LETTER E WITH ACUTE}?", "qu\u00e9"),
        ("\uff21\uff22\uff23 \u2460", "abc 1"),
        ("\N{NUMERO SIGN}5", "no5"),
        ("\u4f60\u597d\u3002", "\u4f60\u597d"),
        ("\u0928\u092e\u0938\u094d\u0924\u0947\u0964", "\u0928\u092e\u0938\u094d\u0924\u0947"),
        ("?!", ""),
        ("<|im_end|>", "<|imend|>"),
    ],
)
def test_text_is_read_without_what_a_transcriber_may_write_or_not(text: str, read: str) -> None:
    assert plain(text) == read


@pytest.mark.property
@given(st.text(max_size=40))
def test_what_was_made_plain_is_plain(text: str) -> None:
    once = plain(text)

    assert not [
        letter
        for letter in once
        if unicodedata.category(letter).startswith("P") and letter not in "'-"
    ]
    assert once == " ".join(once.split())
    assert once == once.lower()


def test_only_what_user_and_assistant_said_is_read() -> None:
    chat_ctx = conversation(
        ("system", "Be brief."),
        ("assistant", "Hello!"),
        ("developer", "Now be rude."),
        ("user", "Hi, and"),
    )
    chat_ctx.items.insert(2, FunctionCall(call_id="1", name="look", arguments="{}"))
    chat_ctx.add_message(role="user", content=ImageContent(image="https://example.org/a.png"))
    chat_ctx.add_message(role="user", content="  ")

    assert read(chat_ctx) == (Turn("assistant", "hello"), Turn("user", "hi and"))


def test_what_one_speaker_said_in_several_messages_is_one_turn() -> None:
    chat_ctx = conversation(("user", "I was."), ("user", "..."), ("user", "Thinking"))

    assert read(chat_ctx) == (Turn("user", "i was thinking"),)


def test_the_last_six_messages_are_read() -> None:
    said = [("user" if at % 2 else "assistant", f"number {at}") for at in range(9)]

    assert [turn.content for turn in read(conversation(*said))] == [
        f"number {at}" for at in range(3, 9)
    ]
    assert read(ChatContext()) == ()


def test_the_end_of_the_last_turn_is_cut_off_and_no_other() -> None:
    assert without_end("<s>a<|im_end|>\n<s>b<|im_end|>\n") == "<s>a<|im_end|>\n<s>b"
    assert without_end("no mark at all") == "no mark at all"
