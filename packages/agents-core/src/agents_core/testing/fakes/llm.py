"""A model that follows a script, and repeats where that says nothing."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Sequence

from agents_core.chat import ChatContext
from agents_core.llm import (
    LLM,
    ChatChunk,
    ChatRequest,
    ChoiceDelta,
    CompletionUsage,
    FunctionToolCall,
)
from agents_core.testing.fakes.asking import asked, last_heard, words_in
from agents_core.testing.fakes.script import Line, Script
from agents_core.testing.fakes.vendor import FakeVendor
from agents_core.testing.vendor import Reply


class FakeLLM(LLM):
    """Answers what its script says; without a line that applies, what it was told.

    ::

        FakeLLM(
            [
                Line(when="weather", calls=(Call(name="get_weather", arguments={"city": "Ulm"}),)),
                Line(when="^sunny$", say="The sun is out in Ulm."),
                Line(when="broken", error=APIConnectionError(), times=1),
            ]
        )

    Text comes word by word. Tokens are words.

    Args:
        lines: the script.
        vendor: where faults are asked for, and what was asked is seen; one of its own else.
        pace: seconds between two words.
        model: a name that it tells its vendor.
    """

    def __init__(
        self,
        lines: Sequence[Line] = (),
        *,
        vendor: FakeVendor | None = None,
        pace: float = 0.0,
        model: str = "script",
    ) -> None:
        super().__init__()
        self.vendor = vendor or FakeVendor()
        self._script = Script(lines)
        self._pace = pace
        self._model = model
        self._answers = 0

    @property
    def model(self) -> str:
        return self._model

    @property
    def provider(self) -> str:
        return "fake"

    def update_options(self, *, model: str) -> None:
        """Have the requests that follow ask another model."""
        self._model = model

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        settings = {"model": self._model}
        async with self.vendor.connect("chat", timeout=timeout, settings=settings) as connection:
            self.vendor.last_asked = asked(
                request.chat_ctx,
                request.tools,
                request.tool_choice,
                schema=request.response_schema,
            )
            reply = await self._reply(request.chat_ctx)
            self._answers += 1
            answer = f"answer_{self._answers}"
            for delta in _deltas(reply, answer):
                await connection.part()
                yield ChatChunk(id=answer, delta=delta)
                await asyncio.sleep(self._pace)
            yield ChatChunk(id=answer, usage=_usage(request.chat_ctx, reply))

    async def _reply(self, chat_ctx: ChatContext) -> Reply:
        if self.vendor.replies:
            return self.vendor.replies.popleft()
        line = self._script.answer(last_heard(chat_ctx))
        await asyncio.sleep(line.delay)
        if line.error is not None:
            raise line.error
        return line.reply


def _deltas(reply: Reply, answer: str) -> Iterator[ChoiceDelta]:
    for word in re.findall(r"\s*\S+\s*$|\s*\S+", reply.text):
        yield ChoiceDelta(content=word)
    for count, call in enumerate(reply.calls):
        whole = FunctionToolCall(
            call_id=f"call_{answer}_{count}",
            name=call.name,
            arguments=json.dumps(dict(call.arguments), ensure_ascii=False),
        )
        yield ChoiceDelta(tool_calls=(whole,))


def _usage(chat_ctx: ChatContext, reply: Reply) -> CompletionUsage:
    prompt = len(list(words_in(chat_ctx))) + 1
    answered = len(reply.text.split()) + len(reply.calls)
    return CompletionUsage(
        prompt_tokens=prompt, completion_tokens=answered, total_tokens=prompt + answered
    )
