"""The port of language models: what users call, and what a vendor writes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from agents_core.chat import ChatContext
from agents_core.llm.answering import Answering
from agents_core.llm.chunks import ChatChunk
from agents_core.llm.request import ChatRequest, ToolChoice
from agents_core.llm.stream import LLMStream
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import Port, Run
from agents_core.tools import FunctionTool, check_names

_CAPACITY = 256
"""Chunks that may wait for the user; then the model does, which is harmless to it."""
_NOTHING: Mapping[str, object] = MappingProxyType({})


class LLM(Port, ABC):
    """A language model.

    A vendor writes `_chat`; the core owns the task, tries, metrics and errors.
    """

    def chat(  # noqa: PLR0913 - one keyword for each thing that an answer depends on
        self,
        *,
        chat_ctx: ChatContext,
        tools: Sequence[FunctionTool] = (),
        tool_choice: ToolChoice = "auto",
        parallel_tool_calls: bool | None = None,
        response_format: type | Mapping[str, object] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        extra_kwargs: Mapping[str, object] = _NOTHING,
    ) -> LLMStream:
        """Ask for the next turn of the conversation; call it in a running event loop.

        Raises:
            ValueError: two tools have one name.
        """
        request = ChatRequest(
            chat_ctx=chat_ctx.copy(),
            tools=check_names(tools),
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            response_format=response_format,
            extra_kwargs=dict(extra_kwargs),
        )
        run = Run(
            self,
            Answering(self),
            partial(self._chat, request, timeout=conn_options.timeout),
            options=conn_options,
            capacity=_CAPACITY,
            first_within=self.patience(conn_options.timeout),
        )
        return LLMStream(run, request)

    @abstractmethod
    def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        """Ask the service once and yield its answer; the vendor's to write.

        An asynchronous generator: it returns once all of the answer has come. Tool calls are
        yielded whole: gather their pieces first. To raise before anything was yielded that the user
        could use (text or a tool call) lets the core try again; after that the error is final.

        Args:
            request: what to ask.
            timeout: seconds for the connection, and again for the first sign of an answer.

        Raises:
            APIError: whatever went wrong, mapped; other errors are never tried again.
        """
