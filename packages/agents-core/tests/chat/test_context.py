from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.audio import AudioFrame
from agents_core.chat import (
    AgentHandoff,
    AudioContent,
    ChatContext,
    ChatItem,
    ChatMessage,
    ChatRole,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)

texts = st.text(max_size=5)
times = st.floats(min_value=0, max_value=100)
ids = st.uuids().map(str)
images = st.builds(ImageContent, image=st.just("https://pictures.test/a.png")) | st.builds(
    ImageContent, image=st.binary(max_size=5), mime_type=st.just("image/png")
)
sounds = st.builds(
    AudioContent,
    frames=st.lists(st.just(AudioFrame(b"\1\2", 8000)), max_size=2).map(tuple),
    transcript=st.none() | texts,
)
messages = st.builds(
    ChatMessage,
    id=ids,
    role=st.sampled_from(["developer", "system", "user", "assistant"]),
    content=st.lists(texts | images | sounds, max_size=3).map(tuple),
    interrupted=st.booleans(),
    metrics=st.just({"ttft": 0.5}),
    extra=st.just({"google": {"signature": "s"}}),
    created_at=times,
)
calls = st.builds(
    FunctionCall,
    id=ids,
    call_id=texts,
    name=st.sampled_from("ab"),
    arguments=texts,
    created_at=times,
)
outputs = st.builds(
    FunctionCallOutput,
    id=ids,
    call_id=texts,
    name=st.sampled_from("ab"),
    output=texts,
    is_error=st.booleans(),
    created_at=times,
)
handoffs = st.builds(AgentHandoff, id=ids, new_agent_id=texts, created_at=times)
items = st.lists(messages | calls | outputs | handoffs, max_size=8)


def message(text: str, role: ChatRole = "user", **more: object) -> ChatMessage:
    return ChatMessage(role=role, content=(text,), **more)


def call(name: str = "look", call_id: str = "c1", **more: object) -> FunctionCall:
    return FunctionCall(call_id=call_id, name=name, arguments="{}", **more)


def output(name: str = "look", call_id: str = "c1", **more: object) -> FunctionCallOutput:
    return FunctionCallOutput(call_id=call_id, name=name, output="x", is_error=False, **more)


@pytest.mark.property
@given(given_items=items)
def test_a_record_holds_all_that_it_was_not_told_to_leave_out(given_items: list[ChatItem]) -> None:
    context = ChatContext(given_items)
    record = context.to_dict(exclude_image=False, exclude_audio=False, exclude_timestamp=False)

    again = ChatContext.from_dict(json.loads(json.dumps(record)))

    assert again.items == context.items
    assert again.is_equivalent(context)


def test_a_record_leaves_out_what_is_big_or_private_unless_it_is_wanted() -> None:
    context = ChatContext(
        [
            ChatMessage(
                role="user",
                content=("hi", ImageContent(image="https://a.test"), AudioContent(frames=())),
                metrics={"ttft": 1.0},
            ),
            call(),
        ]
    )
    [told, _] = context.to_dict()["items"]

    assert told["content"] == ["hi"]
    assert "created_at" not in told
    assert told["metrics"] == {"ttft": 1.0}
    [bare] = context.to_dict(exclude_function_call=True, exclude_metrics=True)["items"]
    assert bare["metrics"] == {}


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"items": {}},
        {"items": [1]},
        {"items": [{"type": "secret"}]},
        {"items": [{"type": "message", "role": "root", "content": []}]},
        {"items": [{"type": "message", "role": "user", "content": [{"type": "smell"}]}]},
        {"items": [{"type": "message", "role": "user", "content": "x", "unknown": 1}]},
        {"items": [{"type": "function_call", "name": "x"}]},
    ],
    ids=range(8),
)
def test_what_is_no_record_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no record of a conversation|item 0 of the record"):
        ChatContext.from_dict(record)


@pytest.mark.property
@given(first=items, second=items)
def test_inserted_and_merged_items_stand_where_their_times_belong(
    first: list[ChatItem], second: list[ChatItem]
) -> None:
    context = ChatContext()
    context.insert(first)
    context.merge(ChatContext(second))
    context.merge(ChatContext(second))

    assert [item.created_at for item in context.items] == sorted(
        item.created_at for item in (*first, *second)
    )
    assert {item.id for item in context.items} == {item.id for item in (*first, *second)}


@pytest.mark.property
@given(given_items=items, most=st.integers(min_value=0, max_value=9))
def test_truncated_it_begins_with_no_loose_call_and_keeps_the_instructions(
    given_items: list[ChatItem], most: int
) -> None:
    context = ChatContext(given_items)
    kept = context.truncate(max_items=most).items

    assert len(kept) <= most + 1
    instructions = [item for item in given_items if _instructs(item)]
    if instructions and len(given_items) > most:
        assert (
            any(_instructs(item) for item in kept)
            or given_items.index(instructions[0]) >= len(given_items) - most
        )
    rest = [item for item in kept if not _instructs(item)]
    if len(given_items) > most and rest and not _instructs(kept[-1]):
        tail = given_items[len(given_items) - most :]
        assert kept[-1] is tail[-1]


def _instructs(item: ChatItem) -> bool:
    return isinstance(item, ChatMessage) and item.role in ("system", "developer")


def test_truncated_items_are_the_last_ones_and_the_first_instructions() -> None:
    rules, old, asked, answered, last = (
        message("be kind", "system"),
        message("old"),
        call(),
        output(),
        message("last"),
    )
    context = ChatContext([rules, old, asked, answered, last])

    assert context.truncate(max_items=2).items == [rules, last]
    assert ChatContext([old, last]).truncate(max_items=5).items == [old, last]
    assert ChatContext([rules, last]).truncate(max_items=0).items == [rules]
    with pytest.raises(ValueError, match="no number of items"):
        context.truncate(max_items=-1)


def test_a_message_is_added_at_the_end_or_where_its_time_belongs() -> None:
    context = ChatContext.empty()
    late = context.add_message(role="user", content="now")
    early = context.add_message(
        role="assistant",
        content=["then", ImageContent(image=b"x", mime_type="image/png")],
        created_at=1.0,
        id="early",
        interrupted=True,
        metrics={"ttft": 1.0},
        extra={"a": 1},
    )

    assert context.items == [early, late]
    assert early.text_content == "then"
    assert (early.id, early.interrupted, early.extra) == ("early", True, {"a": 1})
    assert late.content == ("now",)
    assert len(context) == 2
    assert repr(context) == "<ChatContext of 2 items>"


def test_a_copy_has_a_list_of_its_own_without_what_it_was_told_to_leave_out() -> None:
    rules, empty, hello = message("be kind", "developer"), message(""), message("hello")
    looked, told = call(), output()
    waved, seen = call("wave", "c2"), output("wave", "c2")
    handed = AgentHandoff(new_agent_id="b")
    context = ChatContext([rules, empty, hello, looked, told, waved, seen, handed])

    class Tool:
        name = "wave"

    copied = context.copy()
    copied.items.clear()
    assert len(context) == 8
    assert context.copy(exclude_instructions=True).items[0] is empty
    assert empty not in context.copy(exclude_empty_message=True).items
    assert context.copy(exclude_function_call=True).items == [rules, empty, hello, handed]
    assert context.copy(tools=[Tool()]).items == [rules, empty, hello, waved, seen, handed]
    assert context.copy(exclude_handoff=True).items[-1] is seen
    assert context.messages() == [rules, empty, hello]


def test_items_are_found_by_id_and_may_be_replaced() -> None:
    hello = message("hello", id="h")
    context = ChatContext([message("x"), hello])

    assert context.get_by_id("h") is hello
    assert context.index_by_id("h") == 1
    assert context.get_by_id("none") is None
    assert context.index_by_id("none") is None
    context.items = [hello]
    assert context.items == [hello]


def test_equivalent_is_what_says_the_same_with_the_same_ids() -> None:
    one = ChatContext([message("a", id="1"), call(id="2"), output(id="3")])
    same = ChatContext(
        [message("a", id="1", created_at=1.0, metrics={"x": 1}), call(id="2"), output(id="3")]
    )

    assert one.is_equivalent(same)
    assert not one.is_equivalent(ChatContext([message("b", id="1")]))
    handoff = ChatContext([AgentHandoff(new_agent_id="a", id="1")])
    assert handoff.is_equivalent(ChatContext([AgentHandoff(new_agent_id="a", id="1")]))
    assert not handoff.is_equivalent(ChatContext([AgentHandoff(new_agent_id="b", id="1")]))


def test_bytes_of_an_image_need_a_type() -> None:
    with pytest.raises(ValueError, match="mime_type"):
        ImageContent(image=b"...")
    assert ChatMessage(role="user", content=(ImageContent(image="u"),)).text_content is None


def test_an_item_says_what_it_is_as_its_record_does() -> None:
    context = ChatContext()
    context.add_message(role="user", content="hi")
    context.items += [
        FunctionCall(call_id="1", name="look", arguments="{}"),
        FunctionCallOutput(call_id="1", name="look", output="", is_error=False),
        AgentHandoff(new_agent_id="a"),
    ]
    said = [item.type for item in context.items]
    assert said == ["message", "function_call", "function_call_output", "agent_handoff"]
    assert [record["type"] for record in context.to_dict()["items"]] == said
