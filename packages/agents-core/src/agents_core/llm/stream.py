"""The stream of a language model."""

from __future__ import annotations

from collections.abc import AsyncIterator

from agents_core.chat import ChatContext
from agents_core.llm.chunks import ChatChunk, CollectedResponse, FunctionToolCall
from agents_core.llm.request import ChatRequest
from agents_core.streams import EventStream, Run
from agents_core.tools import FunctionTool


class LLMStream(EventStream[ChatChunk]):
    """An answer, as it comes."""

    def __init__(self, run: Run[ChatChunk, ChatChunk], request: ChatRequest) -> None:
        super().__init__(run)
        self._request = request

    @property
    def chat_ctx(self) -> ChatContext:
        """What is answered."""
        return self._request.chat_ctx

    @property
    def tools(self) -> tuple[FunctionTool, ...]:
        """What the model may call."""
        return self._request.tools

    async def collect(self) -> CollectedResponse:
        """All of it; the stream is closed then.

        Raises:
            APIError: the answer broke off.
        """
        text: list[str] = []
        calls: list[FunctionToolCall] = []
        extra: dict[str, object] = {}
        usage = None
        async with self:
            async for chunk in self:
                usage = chunk.usage or usage
                if chunk.delta is not None:
                    text.append(chunk.delta.content or "")
                    calls += chunk.delta.tool_calls
                    extra |= chunk.delta.extra or {}
        whole = "".join(text)
        return CollectedResponse(
            text=whole,
            tool_calls=tuple(calls),
            usage=usage,
            extra=extra or None,
            parsed=self._request.parse(whole) if whole else None,
        )

    async def to_str_iterable(self) -> AsyncIterator[str]:
        """Its text alone; close the stream, not the iterator."""
        async for chunk in self:
            if chunk.delta is not None and chunk.delta.content:
                yield chunk.delta.content
