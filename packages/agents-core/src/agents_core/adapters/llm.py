"""Language models that stand in for one another."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from agents_core.adapters.candidates import Candidates, Probing, StandIn
from agents_core.chat import ChatContext
from agents_core.llm import LLM, ChatChunk, ChatRequest, LLMStream
from agents_core.retry import APIConnectOptions

_PROBE_TEXT = "Say yes."


class FallbackAdapter(StandIn[LLM], LLM):
    """Asks the first model that works.

    A model that fails before it has said anything is replaced by the next one, in the middle of an
    answer only with `retry_on_chunk_sent`: the next one begins the answer anew. It takes the models
    over: `aclose` closes them.

    Emits "availability_changed" with `agents_core.adapters.candidates.AvailabilityChanged`.
    """

    def __init__(  # noqa: PLR0913 - how patient to be with each, and how to find out that one is back
        self,
        llms: Sequence[LLM],
        *,
        attempt_timeout: float = 5.0,
        max_retry_per_llm: int = 0,
        retry_interval: float = 0.5,
        retry_on_chunk_sent: bool = False,
        probing: Probing | None = None,
    ) -> None:
        """Take over.

        Args:
            llms: the preferred one first.
            attempt_timeout: seconds that each is given as its `timeout`.
            max_retry_per_llm: tries after the first one, before the next model is asked.
            retry_interval: seconds between them.
            retry_on_chunk_sent: whether the next model is asked even in the middle of an answer.
            probing: how to find out that a model works again.

        Raises:
            ValueError: no models.
        """
        super().__init__()
        self._options = APIConnectOptions(
            max_retry=max_retry_per_llm, retry_interval=retry_interval, timeout=attempt_timeout
        )
        self._retry_on_chunk_sent = retry_on_chunk_sent
        probing = probing or Probing()
        self._candidates = Candidates(self, llms, self._probe, probing=probing)

    def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:  # noqa: ARG002 - each has its own
        def ask(llm: LLM) -> LLMStream:
            return llm.chat(
                chat_ctx=request.chat_ctx,
                tools=request.tools,
                tool_choice=request.tool_choice,
                parallel_tool_calls=request.parallel_tool_calls,
                response_format=request.response_format,
                conn_options=self._options,
                extra_kwargs=request.extra_kwargs,
            )

        return self._candidates.ask(ask, counts=self._is_answer)

    def _is_answer(self, chunk: ChatChunk) -> bool:
        if self._retry_on_chunk_sent or chunk.delta is None:
            return False
        return bool(chunk.delta.content or chunk.delta.tool_calls)

    async def _probe(self, llm: LLM) -> None:
        conversation = ChatContext()
        conversation.add_message(role="user", content=_PROBE_TEXT)
        async with llm.chat(chat_ctx=conversation, conn_options=self._options) as answer:
            await anext(answer)
