"""Defects of a language model."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from agents_core.llm import (
    LLM,
    ChatChunk,
    ChatRequest,
    CollectedResponse,
    LLMStream,
)
from agents_core.testing.broken import llm_tools
from agents_core.testing.broken.bending import bend, closing_once, late
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.testing.broken.llm_tools import BentLLM
from agents_core.testing.broken.ports import PORTS
from agents_core.testing.broken.quick import QuickLLMSuite
from agents_core.testing.broken.vendors import COMMON
from agents_core.testing.fakes.llm import FakeLLM


@caught_by(
    "an_answer_begins_before_it_is_whole",
    "a_cut_in_the_answer_is_not_papered_over",
    "leaving_an_answer_closes_the_connection_at_once",
)
class WaitsForTheWholeAnswer(FakeLLM):
    """Hands on nothing before it has everything."""

    def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        return late(super()._chat(request, timeout=timeout))


@caught_by("an_answer_can_be_collected", "a_structured_answer_fits")
class CollectsTheFirstWord(BentLLM):
    """Collects less than there is."""

    def bent_stream(self, stream: LLMStream) -> LLMStream:
        async def collect(self: LLMStream) -> CollectedResponse:
            whole = await LLMStream.collect(self)
            return replace(whole, text=whole.text.partition(" ")[0])

        return bend(stream, collect=collect)


@caught_by("an_answer_has_one_name")
class NamesEveryChunk(BentLLM):
    """Takes each chunk for an answer."""

    def bent_chunk(self, chunk: ChatChunk) -> ChatChunk:
        self._chunks = getattr(self, "_chunks", 0) + 1
        return replace(chunk, id=f"{chunk.id}_{self._chunks}")


@caught_by("the_conversation_reaches_the_vendor")
class ForgetsWhatToolsSaid(BentLLM):
    """Tells the vendor of messages only."""

    def bent_request(self, request: ChatRequest) -> ChatRequest:
        return replace(request, chat_ctx=request.chat_ctx.copy(exclude_function_call=True))


@caught_by("the_conversation_reaches_the_vendor")
class ForgetsItsInstructions(BentLLM):
    """Does not tell the vendor what the system said."""

    def bent_request(self, request: ChatRequest) -> ChatRequest:
        return replace(request, chat_ctx=request.chat_ctx.copy(exclude_instructions=True))


@caught_by("the_conversation_is_left_as_it_was")
class WritesIntoTheConversation(FakeLLM):
    """Adds to the conversation of its user."""

    def chat(self, **question: Any) -> LLMStream:  # noqa: ANN401 - as it comes
        stream = super().chat(**question)
        question["chat_ctx"].add_message(role="assistant", content="...")
        return stream


@caught_by("a_structured_answer_fits")
class AsksForAnyText(BentLLM):
    """Does not tell the vendor what the answer has to fit."""

    def bent_request(self, request: ChatRequest) -> ChatRequest:
        return replace(request, response_format=None)


@caught_by("usage_is_told_once", "each_answer_is_measured")
class TellsUsageTwice(FakeLLM):
    """Tells the total once more at the end, as some vendors do."""

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        async for chunk in super()._chat(request, timeout=timeout):
            yield chunk
            if chunk.usage is not None:
                yield chunk


@caught_by("two_at_once_do_not_mix")
class KeepsTheQuestionInTheObject(FakeLLM):
    """Has one place for the questions of all its requests."""

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        self._request = request
        await asyncio.sleep(0)
        async for chunk in super()._chat(self._request, timeout=timeout):
            yield chunk


@caught_by(
    "an_answer_is_whole",
    "an_answer_begins_before_it_is_whole",
    "two_at_once_do_not_mix",
    "an_answer_can_be_collected",
    "a_cut_before_the_answer_is_tried_again",
    "a_failure_and_then_success_give_one_answer",
    "a_limit_is_waited_out_as_long_as_the_vendor_says",
)
class ForgetsTheLastWord(BentLLM):
    """Stops before the answer does."""

    def bent_chunk(self, chunk: ChatChunk) -> ChatChunk | None:
        text = chunk.delta.content if chunk.delta is not None else None
        return None if (text or "").endswith((".", "BY.")) else chunk


@caught_by("closing_a_stream_ends_it")
class ClosesAStreamOnce(BentLLM):
    """Has streams that cannot be closed twice."""

    def bent_stream(self, stream: LLMStream) -> LLMStream:
        return closing_once(stream)


BROKEN: tuple[type[LLM], ...] = (
    WaitsForTheWholeAnswer,
    CollectsTheFirstWord,
    NamesEveryChunk,
    ForgetsWhatToolsSaid,
    ForgetsItsInstructions,
    WritesIntoTheConversation,
    llm_tools.HandsOnPiecesOfACall,
    llm_tools.HandsOnEmptyArguments,
    llm_tools.NamesAllCallsTheSame,
    llm_tools.ForgetsItsTools,
    llm_tools.SendsLooseSchemas,
    llm_tools.ChoosesByItself,
    AsksForAnyText,
    TellsUsageTwice,
    KeepsTheQuestionInTheObject,
    ForgetsTheLastWord,
    ClosesAStreamOnce,
)


DEFECTS: tuple[Defect, ...] = (
    *defects(QuickLLMSuite, COMMON, made_with="behind"),
    *defects(QuickLLMSuite, PORTS, made_with="kind", fake=FakeLLM),
    *defects(QuickLLMSuite, BROKEN, made_with="kind"),
)
