from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

import pytest
from pydantic import BaseModel

from agents_core.chat import ChatContext
from agents_core.errors import APIConnectionError
from agents_core.llm import (
    LLM,
    ChatChunk,
    ChatRequest,
    ChoiceDelta,
    CollectedResponse,
    CompletionUsage,
    FunctionToolCall,
    NamedToolChoice,
)
from agents_core.metrics import LLMMetrics
from agents_core.retry import APIConnectOptions
from agents_core.tools import function_tool

R = TypeVar("R")

QUICK = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=5)
CALL = FunctionToolCall(call_id="c1", name="look", arguments="{}")
USAGE = CompletionUsage(completion_tokens=4, prompt_tokens=6, prompt_cached_tokens=2)


@function_tool
async def look() -> None:
    """Look."""


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    return asyncio.run(asyncio.wait_for(coroutine, 10))


def text(content: str, **extra: object) -> ChatChunk:
    return ChatChunk(id="a1", delta=ChoiceDelta(content=content, extra=extra or None))


class Scripted(LLM):
    def __init__(self, *script: list[ChatChunk | Exception]) -> None:
        super().__init__()
        self.script = list(script)
        self.asked: list[ChatRequest] = []
        self.metrics: list[LLMMetrics] = []
        self.on("metrics_collected", self.metrics.append)

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        self.asked.append(request)
        assert timeout == 5
        for each in self.script.pop(0):
            if isinstance(each, Exception):
                raise each
            yield each


def context() -> ChatContext:
    conversation = ChatContext()
    conversation.add_message(role="user", content="hello")
    return conversation


async def collected(llm: LLM) -> CollectedResponse:
    return await llm.chat(chat_ctx=context(), conn_options=QUICK).collect()


def test_an_answer_is_collected_with_its_calls_and_what_it_cost() -> None:
    called = ChatChunk(id="a1", delta=ChoiceDelta(tool_calls=(CALL,)))
    used = ChatChunk(id="a1", usage=USAGE)
    llm = Scripted(
        [
            ChatChunk(id="a1", delta=ChoiceDelta()),
            text("he", mood=1),
            text("llo", mood=2),
            called,
            used,
        ]
    )

    answer = run(collected(llm))

    assert answer == CollectedResponse(
        text="hello", tool_calls=(CALL,), usage=USAGE, extra={"mood": 2}
    )
    [measured] = llm.metrics
    assert (measured.request_id, measured.total_tokens, measured.prompt_cached_tokens) == (
        "a1",
        10,
        2,
    )
    assert measured.ttft is not None
    assert 0 <= measured.ttft <= measured.duration
    assert measured.tokens_per_second > 0


class Weather(BaseModel):
    city: str


@pytest.mark.parametrize(
    ("shape", "content", "parsed", "says"),
    [
        (Weather, '{"city": "Bern"}', Weather(city="Bern"), False),
        (Weather, '{"city": ', None, True),
        (Weather, "", None, False),
        (list[int], "[1, 2]", [1, 2], False),
        ({"type": "object"}, "{}", None, False),
        (None, "{}", None, False),
    ],
)
def test_an_answer_is_an_object_where_it_was_to_be_one_and_fits(
    shape: Any,  # noqa: ANN401 - a class, or none
    content: str,
    parsed: object,
    *,
    says: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> CollectedResponse:
        llm = Scripted([text(content)])
        stream = llm.chat(chat_ctx=context(), response_format=shape, conn_options=QUICK)
        return await stream.collect()

    assert run(scenario()).parsed == parsed
    assert ("does not fit" in caplog.text) is says


def test_every_try_is_asked_the_same_and_what_the_user_changes_meanwhile_is_not_asked() -> None:
    llm = Scripted([APIConnectionError("no")], [text("hi")])
    conversation = context()

    async def scenario() -> None:
        stream = llm.chat(
            chat_ctx=conversation,
            tools=[look],
            tool_choice=NamedToolChoice("look"),
            parallel_tool_calls=False,
            response_format={"type": "object"},
            conn_options=QUICK,
            extra_kwargs={"seed": 1},
        )
        conversation.add_message(role="user", content="more")
        assert stream.tools == (look,)
        assert len(stream.chat_ctx) == 1
        assert [piece async for piece in stream.to_str_iterable()] == ["hi"]
        await stream.aclose()

    run(scenario())
    first, second = llm.asked
    assert first is second
    assert first.tool_choice == NamedToolChoice("look")
    assert (first.parallel_tool_calls, first.response_format) == (False, {"type": "object"})
    assert first.response_schema == {"type": "object"}
    assert first.extra_kwargs == {"seed": 1}
    assert len(llm.metrics) == 1


@pytest.mark.parametrize(
    "begun",
    [text("he"), ChatChunk(id="a1", delta=ChoiceDelta(tool_calls=(CALL,)))],
    ids=["text", "call"],
)
def test_an_answer_that_breaks_off_is_not_begun_anew(begun: ChatChunk) -> None:
    llm = Scripted([begun, APIConnectionError("gone")])

    with pytest.raises(APIConnectionError, match=r"^gone$"):
        run(collected(llm))
    assert llm.metrics[0].error == "APIConnectionError"


def test_a_chunk_without_anything_to_say_is_no_answer() -> None:
    llm = Scripted(
        [ChatChunk(id="a1", delta=ChoiceDelta()), APIConnectionError("gone")], [text("hi")]
    )

    assert run(collected(llm)).text == "hi"


def test_an_interrupted_answer_is_measured_as_cancelled() -> None:
    class Endless(Scripted):
        async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
            yield text("he")
            await asyncio.Event().wait()

    llm = Endless()

    async def scenario() -> None:
        async with llm.chat(chat_ctx=context()) as stream:
            await anext(stream)

    run(scenario())
    [measured] = llm.metrics
    assert measured.cancelled
    assert measured.error is None


def test_two_tools_of_one_name_are_refused() -> None:
    @function_tool(name="look")
    async def other() -> None: ...

    async def scenario() -> None:
        Scripted().chat(chat_ctx=context(), tools=[look, other])

    with pytest.raises(ValueError, match="two tools are named 'look'"):
        run(scenario())


def test_a_model_of_an_answer_is_asked_for_by_its_schema() -> None:
    class Reading(BaseModel):
        degrees: int

    asked = ChatRequest(chat_ctx=ChatContext(), response_format=Reading)
    schema = asked.response_schema
    assert schema is not None
    assert schema["properties"] == {"degrees": {"title": "Degrees", "type": "integer"}}
    assert ChatRequest(chat_ctx=ChatContext()).response_schema is None
