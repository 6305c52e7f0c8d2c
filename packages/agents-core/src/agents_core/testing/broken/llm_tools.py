"""Defects of a language model in what it makes of tools."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Any

from agents_core.llm import (
    ChatChunk,
    ChatRequest,
    FunctionToolCall,
    LLMStream,
)
from agents_core.testing.broken.bending import changed
from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.llm import FakeLLM


class BentLLM(FakeLLM):
    """Bends questions, answers and streams."""

    def bent_request(self, request: ChatRequest) -> ChatRequest:
        return request

    def bent_chunk(self, chunk: ChatChunk) -> ChatChunk | None:
        return chunk

    def bent_stream(self, stream: LLMStream) -> LLMStream:
        return stream

    def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        parts = super()._chat(self.bent_request(request), timeout=timeout)
        return changed(parts, self.bent_chunk)

    def chat(self, **question: Any) -> LLMStream:  # noqa: ANN401 - as it comes
        return self.bent_stream(super().chat(**question))


@caught_by(
    "a_tool_call_is_whole",
    "calls_at_once_are_told_apart",
    "a_call_without_arguments_has_an_empty_object",
)
class HandsOnPiecesOfACall(FakeLLM):
    """Hands on arguments as they come."""

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        async for chunk in super()._chat(request, timeout=timeout):
            if chunk.delta is None or not chunk.delta.tool_calls:
                yield chunk
                continue
            for call in chunk.delta.tool_calls:
                half = len(call.arguments) // 2
                for piece in (call.arguments[:half], call.arguments[half:]):
                    calls = (replace(call, arguments=piece),)
                    yield replace(chunk, delta=replace(chunk.delta, tool_calls=calls))


@caught_by("a_call_without_arguments_has_an_empty_object")
class HandsOnEmptyArguments(BentLLM):
    """Leaves arguments empty, as some vendors do."""

    def bent_chunk(self, chunk: ChatChunk) -> ChatChunk:
        return _called(chunk, _without_braces)


@caught_by("calls_at_once_are_told_apart")
class NamesAllCallsTheSame(BentLLM):
    """Gives one id to all calls."""

    def bent_chunk(self, chunk: ChatChunk) -> ChatChunk:
        return _called(chunk, lambda call: replace(call, call_id="call"))


@caught_by("tools_reach_the_vendor", "strict_schemas_leave_nothing_open")
class ForgetsItsTools(BentLLM):
    """Does not tell the vendor of tools."""

    def bent_request(self, request: ChatRequest) -> ChatRequest:
        return replace(request, tools=())


@caught_by("strict_schemas_leave_nothing_open")
class SendsLooseSchemas(FakeLLM):
    """Sends schemas that allow what nobody described."""

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        async for chunk in super()._chat(request, timeout=timeout):
            loose = {tool.name: tool.parameters for tool in request.tools}
            for schema in loose.values():
                schema.pop("additionalProperties", None)
            self.vendor.last_asked = replace(self.vendor.last_asked, tools=loose)
            yield chunk


@caught_by("the_choice_of_a_tool_reaches_the_vendor")
class ChoosesByItself(BentLLM):
    """Leaves the choice of a tool to the model."""

    def bent_request(self, request: ChatRequest) -> ChatRequest:
        return replace(request, tool_choice="auto")


def _without_braces(call: FunctionToolCall) -> FunctionToolCall:
    return replace(call, arguments="" if call.arguments == "{}" else call.arguments)


def _called(chunk: ChatChunk, change: Callable[[FunctionToolCall], FunctionToolCall]) -> ChatChunk:
    if chunk.delta is None:
        return chunk
    calls = tuple(change(call) for call in chunk.delta.tool_calls)
    return replace(chunk, delta=replace(chunk.delta, tool_calls=calls))
