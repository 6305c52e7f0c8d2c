"""What every language model has to do."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, ClassVar

from agents_core.chat import ChatContext
from agents_core.llm import LLM, ChatChunk, FunctionToolCall, NamedToolChoice, ToolChoice
from agents_core.metrics import LLMMetrics
from agents_core.retry import APIConnectOptions
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import HISTORY, WORDS, conversation, parsed, reading, tools
from agents_core.testing.provider import ProviderSuite
from agents_core.testing.roads import Road
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import metrics_of
from agents_core.tools import FunctionTool

_ASK = "Repeat exactly, and nothing else: "
_CHOICES: tuple[tuple[ToolChoice, str], ...] = (
    ("auto", "auto"),
    ("required", "required"),
    ("none", "none"),
    (NamedToolChoice("get_weather"), "get_weather"),
)


class LLMSuite(ProviderSuite[LLM]):
    """Sentences about a language model; `Suite` shows how to use it."""

    tools: ClassVar[bool] = True
    """Whether it calls tools."""
    parallel: ClassVar[bool] = True
    """Whether it may call several at once."""
    strict: ClassVar[bool] = False
    """Whether it sends `FunctionTool.strict_parameters`."""
    structured: ClassVar[bool] = False
    """Whether its answer can be made to fit a `response_format`."""
    usage: ClassVar[bool] = True
    """Whether it tells what an answer cost."""

    def roads(self, subject: LLM) -> tuple[Road, ...]:
        return (Road(name="chat()", parts=partial(self._chat, subject)),)

    @sentence()
    async def test_an_answer_can_be_collected(self, subject: LLM) -> None:
        answer = await subject.chat(chat_ctx=_said(WORDS), conn_options=self.patient).collect()
        demand_same((answer.text, answer.tool_calls), (WORDS, ()), "collect() of chat()")

    @sentence()
    async def test_an_answer_has_one_name(self, subject: LLM) -> None:
        names = {chunk.id for chunk in await self._answer(subject, _said(WORDS))}
        demand(len(names) == 1 and all(names), f"ids of the chunks of one answer: {names}")

    @sentence()
    async def test_the_conversation_reaches_the_vendor(self, subject: LLM) -> None:
        await self._answer(subject, conversation(), tools=tools())
        demand_same(self.vendor.asked().messages, HISTORY, "what the vendor was told")

    @sentence()
    async def test_the_conversation_is_left_as_it_was(self, subject: LLM) -> None:
        chat_ctx = conversation()
        before = chat_ctx.copy()
        await self._answer(subject, chat_ctx, tools=tools())
        demand(chat_ctx.is_equivalent(before), "the answer changed the conversation it was for")

    @sentence("tools")
    async def test_a_tool_call_is_whole(self, subject: LLM) -> None:
        call = Call(name="get_weather", arguments={"city": "Zürich", "days": 3})
        [made] = await self._calls(subject, call)
        demand_same(made.name, call.name, "the tool")
        demand_same(parsed(made.arguments), dict(call.arguments), "its arguments")
        demand(made.call_id, "the call has no id")

    @sentence("tools")
    async def test_a_call_without_arguments_has_an_empty_object(self, subject: LLM) -> None:
        [made] = await self._calls(subject, Call(name="stop"))
        demand_same((made.name, parsed(made.arguments)), ("stop", {}), "the call")

    @sentence("tools", "parallel")
    async def test_calls_at_once_are_told_apart(self, subject: LLM) -> None:
        cities = [{"city": city, "days": 1} for city in ("Oslo", "Bern", "Rome")]
        calls = [Call(name="get_weather", arguments=city) for city in cities]
        made = await self._calls(subject, *calls)
        demand_same([parsed(call.arguments) for call in made], cities, "arguments of three calls")
        demand_same(len({call.call_id for call in made}), 3, "ids of three calls")

    @sentence("tools")
    async def test_tools_reach_the_vendor(self, subject: LLM) -> None:
        await self._answer(subject, _said(WORDS), tools=tools())
        schemas = self.vendor.asked().tools
        demand_same(tuple(schemas), ("get_weather", "stop"), "tools that the vendor was told of")
        properties = schemas["get_weather"].get("properties")
        named = tuple(properties) if isinstance(properties, dict) else properties
        demand_same(named, ("city", "days"), "parameters of get_weather")

    @sentence("tools", "strict")
    async def test_strict_schemas_leave_nothing_open(self, subject: LLM) -> None:
        await self._answer(subject, _said(WORDS), tools=tools())
        schema = self.vendor.asked().tools["get_weather"]
        demand(schema.get("additionalProperties") is False, f"additionalProperties of {schema}")
        demand_same(schema.get("required"), ["city", "days"], "required")

    @sentence("tools")
    async def test_the_choice_of_a_tool_reaches_the_vendor(self, subject: LLM) -> None:
        for choice, expected in _CHOICES:
            await self._answer(subject, _said(WORDS), tools=tools(), tool_choice=choice)
            demand_same(self.vendor.asked().tool_choice, expected, "tool_choice")

    @sentence("structured")
    async def test_a_structured_answer_fits(self, subject: LLM) -> None:
        from pydantic import TypeAdapter

        self.vendor.will_answer(Reply(text='{"city": "Zürich", "degrees": 21}'))
        shape = reading()
        stream = subject.chat(
            chat_ctx=_said("the weather"), response_format=shape, conn_options=self.patient
        )
        text = (await stream.collect()).text
        answer: Any = TypeAdapter(shape).validate_json(text)
        demand_same((answer.city, answer.degrees), ("Zürich", 21), "the answer")
        properties = (self.vendor.asked().schema or {}).get("properties", {})
        demand_same(set(properties), {"city", "degrees"}, "the schema that the vendor was given")  # type: ignore[call-overload]  # any JSON

    @sentence("usage")
    async def test_usage_is_told_once(self, subject: LLM) -> None:
        chunks = await self._answer(subject, _said(WORDS))
        told = [chunk.usage for chunk in chunks if chunk.usage is not None]
        demand_same(len(told), 1, "how often the usage was told")
        [usage] = told
        demand(min(usage.prompt_tokens, usage.completion_tokens) > 0, f"tokens in {usage}")
        total = usage.prompt_tokens + usage.completion_tokens
        demand_same(usage.total_tokens, total, "total_tokens")

    @sentence()
    async def test_each_answer_is_measured(self, subject: LLM) -> None:
        with metrics_of(subject, LLMMetrics) as measured:
            chunks = await self._answer(subject, _said(WORDS))
        demand_same(len(measured), 1, "metrics of one answer")
        [metrics] = measured
        demand_same(metrics.label, subject.label, "label")
        demand(
            metrics.ttft is not None and 0 < metrics.ttft <= metrics.duration,
            f"ttft {metrics.ttft}, duration {metrics.duration}",
        )
        spent = [chunk.usage.total_tokens for chunk in chunks if chunk.usage is not None]
        demand_same(metrics.total_tokens, sum(spent), "total_tokens of the metrics")

    @sentence()
    async def test_closing_a_stream_ends_it(self, subject: LLM) -> None:
        stream = subject.chat(chat_ctx=_said(WORDS), conn_options=self.patient)
        async with asyncio.timeout(self.patience):
            await anext(stream)
            await asyncio.gather(*(stream.aclose() for _ in range(3)))
            await asyncio.create_task(stream.aclose(), name="another task")
            demand_same([chunk async for chunk in stream], [], "what came after aclose()")

    async def _calls(self, subject: LLM, *calls: Call) -> list[FunctionToolCall]:
        self.vendor.will_answer(Reply(calls=calls))
        chunks = await self._answer(subject, _said("the weather"), tools=tools())
        made = [call for chunk in chunks if chunk.delta for call in chunk.delta.tool_calls]
        demand_same(len(made), len(calls), "calls of tools")
        return made

    async def _answer(
        self,
        subject: LLM,
        chat_ctx: ChatContext,
        *,
        tools: Sequence[FunctionTool] = (),
        tool_choice: ToolChoice = "auto",
    ) -> list[ChatChunk]:
        stream = subject.chat(
            chat_ctx=chat_ctx, tools=tools, tool_choice=tool_choice, conn_options=self.patient
        )
        async with stream:
            return [chunk async for chunk in stream]

    async def _chat(
        self, subject: LLM, words: str, options: APIConnectOptions
    ) -> AsyncGenerator[str]:
        stream = subject.chat(chat_ctx=_said(words), conn_options=options)
        async with aclosing(stream):
            async for chunk in stream:
                if chunk.delta is not None and chunk.delta.content:
                    yield chunk.delta.content


def _said(words: str) -> ChatContext:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="user", content=_ASK + words)
    return chat_ctx
