"""An answer of a chat completion, as the service writes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping

import pytest

from agents_core.errors import APIConnectionError, APIError, APIStatusError
from agents_core.llm import ChatChunk, CompletionUsage, FunctionToolCall
from agents_plugin_openai._wire.llm_answer import DONE, Answer


def event(
    delta: Mapping[str, object] | None = None, finish: str | None = None, **more: object
) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    told = {
        "id": "chatcmpl-B9",
        "object": "chat.completion.chunk",
        "created": 1741570283,
        "model": "gpt-4.1-2025-04-14",
        "service_tier": "default",
        "system_fingerprint": "fp_44709d6fcb",
        "choices": [choice],
    }
    return json.dumps({**told, **more})


def read(events: Iterable[str]) -> list[ChatChunk]:
    answer = Answer("OpenAI")
    chunks = [chunk for data in events for chunk in answer.read(data)]
    return [*chunks, *answer.end()]


def text(chunks: Iterable[ChatChunk]) -> str:
    return "".join((chunk.delta.content or "") for chunk in chunks if chunk.delta)


def extra(chunks: Iterable[ChatChunk]) -> dict[str, object]:
    told: dict[str, object] = {}
    for chunk in chunks:
        told |= (chunk.delta.extra or {}) if chunk.delta else {}
    return told


def calls(chunks: Iterable[ChatChunk]) -> list[FunctionToolCall]:
    return [call for chunk in chunks if chunk.delta for call in chunk.delta.tool_calls]


USAGE = {
    "prompt_tokens": 82,
    "completion_tokens": 17,
    "total_tokens": 99,
    "prompt_tokens_details": {"cached_tokens": 64, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0},
}


def test_text_comes_piece_by_piece_and_then_what_it_took() -> None:
    chunks = read(
        [
            event({"role": "assistant", "content": "", "refusal": None}),
            event({"content": "Hel"}),
            event({"content": "lo."}),
            event({}, "stop"),
            event(choices=[], usage=USAGE),
            DONE,
        ]
    )

    assert [chunk.delta.content for chunk in chunks if chunk.delta] == ["Hel", "lo.", None]
    assert {chunk.id for chunk in chunks} == {"chatcmpl-B9"}
    assert chunks[-1].usage == CompletionUsage(
        completion_tokens=17, prompt_tokens=82, prompt_cached_tokens=64, total_tokens=99
    )
    assert extra(chunks) == {"finish_reason": "stop"}


def test_what_azure_says_of_its_filters_is_passed_over() -> None:
    chunks = read(
        [
            event(id="", model="", choices=[], prompt_filter_results=[{"prompt_index": 0}]),
            event({"content": "Hi."}),
            event(None, content_filter_results={}),
            event({}, "stop"),
            DONE,
        ]
    )

    assert text(chunks) == "Hi."
    assert {chunk.id for chunk in chunks} == {"chatcmpl-B9"}


def test_usage_that_grows_is_told_once() -> None:
    chunks = read(
        [
            event({"content": "Hi"}, usage={**USAGE, "completion_tokens": 1}),
            event({"content": "."}, "stop", usage=USAGE),
            json.dumps({"id": "chatcmpl-B9", "object": "chat.completion.done"}),
            DONE,
        ]
    )

    assert [chunk.usage.completion_tokens for chunk in chunks if chunk.usage] == [17]


def test_usage_may_be_told_in_other_words() -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "prompt_cache_hit_tokens": 4}
    chunks = read([event({"content": "Hi."}, "stop", usage=usage), DONE])

    assert chunks[-1].usage == CompletionUsage(
        completion_tokens=2, prompt_tokens=5, prompt_cached_tokens=4, total_tokens=7
    )


def test_an_answer_is_whole_though_its_tokens_were_not_counted() -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": None}
    chunks = read([event({"content": "Hi."}, "stop", usage=usage), DONE])

    assert text(chunks) == "Hi."
    assert chunks[-1].usage == CompletionUsage(completion_tokens=0, prompt_tokens=5, total_tokens=5)


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["A \ud83e", "\udd86."], ["A ", "\U0001f986."]),
        (["\ud83e", "x"], ["\ufffdx"]),
        (["\udd86x"], ["\ufffdx"]),
        (["x\ud83e"], ["x"]),
    ],
)
def test_a_character_that_is_cut_in_two_is_put_together(pieces: list[str], said: list[str]) -> None:
    chunks = read([*(event({"content": each}) for each in pieces), event({}, "stop"), DONE])

    assert [c.delta.content for c in chunks if c.delta and c.delta.content] == said


def test_of_several_answers_one_is_read() -> None:
    choices = [
        {"index": index, "delta": {"content": words}, "finish_reason": None}
        for index, words in enumerate(("Hi.", "Hello."))
    ]
    cut = [{"index": 1, "delta": {}, "finish_reason": "content_filter"}]
    chunks = read([event(choices=choices), event(choices=cut), event({}, "stop"), DONE])

    assert text(chunks) == "Hi."


def test_calls_come_when_they_are_whole() -> None:
    function = {"name": "get_weather", "arguments": ""}
    first = {"index": 0, "id": "call_1", "type": "function", "function": function}
    second = {"index": 1, "id": "call_2", "type": "function", "function": function}
    chunks = read(
        [
            event({"role": "assistant", "content": None, "tool_calls": [first]}),
            event({"tool_calls": [{"index": 0, "function": {"arguments": '{"city":'}}]}),
            event({"tool_calls": [second]}),
            event({"tool_calls": [{"index": 1, "function": {"arguments": '{"city": "Rome"}'}}]}),
            event({"tool_calls": [{"index": 0, "function": {"arguments": ' "Oslo"}'}}]}),
            event({}, "tool_calls"),
            DONE,
        ]
    )

    [together] = [chunk for chunk in chunks if chunk.delta and chunk.delta.tool_calls]
    assert chunks.index(together) == 0
    assert calls([together]) == [
        FunctionToolCall(call_id="call_1", name="get_weather", arguments='{"city": "Oslo"}'),
        FunctionToolCall(call_id="call_2", name="get_weather", arguments='{"city": "Rome"}'),
    ]


def test_calls_are_not_lost_where_no_reason_is_given_for_the_end() -> None:
    function = {"name": "stop", "arguments": "{}"}
    chunks = read([event({"tool_calls": [{"id": "call_1", "function": function}]}), DONE])

    assert [call.call_id for call in calls(chunks)] == ["call_1"]


def test_an_answer_that_ended_is_whole_without_the_last_event() -> None:
    assert text(read([event({"content": "Hi."}, "stop")])) == "Hi."


def test_an_answer_that_breaks_off_is_an_error() -> None:
    with pytest.raises(APIConnectionError, match="broke off"):
        read([event({"content": "Hi"})])


def test_a_refusal_is_heard_and_marked() -> None:
    chunks = read(
        [
            event({"role": "assistant", "refusal": ""}),
            event({"refusal": "I can't "}),
            event({"refusal": "do that."}),
            event({}, "stop"),
            DONE,
        ]
    )

    assert text(chunks) == "I can't do that."
    assert extra(chunks) == {"finish_reason": "stop", "refusal": "I can't do that."}


def test_text_that_is_cut_off_is_an_answer_and_said_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        chunks = read([event({"content": "I thi"}, "length"), DONE])

    assert extra(chunks) == {"finish_reason": "length"}
    assert ["cut the answer off" in line for line in caplog.messages] == [True]


def test_a_call_that_is_cut_off_is_an_error_that_stays() -> None:
    function = {"name": "get_weather", "arguments": '{"ci'}
    with pytest.raises(APIError, match="limit of tokens") as caught:
        read([event({"tool_calls": [{"index": 0, "id": "1", "function": function}]}, "length")])

    assert not caught.value.retryable


def test_what_a_filter_holds_back_is_an_error_that_stays() -> None:
    with pytest.raises(APIError, match="content filter") as caught:
        read([event({"content": "Hi"}), event({}, "content_filter"), DONE])

    assert not caught.value.retryable


def test_an_answer_may_end_with_an_error() -> None:
    with pytest.raises(APIError, match="ended with an error") as caught:
        read([event({}, "error"), DONE])

    assert caught.value.retryable


def test_an_error_between_the_events_is_raised() -> None:
    error = {"message": "Overloaded", "code": 529}
    with pytest.raises(APIStatusError, match="Overloaded"):
        read([event({"content": "Hi"}), json.dumps({"error": error})])


@pytest.mark.parametrize(
    "data", ["{", "null", "[]", '{"id": "x"}', '{"choices": [1]}', '{"choices": [{"delta": 3}]}']
)
def test_what_is_malformed_raises_what_a_malformed_answer_raises(data: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        read([data, DONE])


def test_an_answer_without_a_word_is_nothing() -> None:
    assert read([DONE]) == []
