"""How an answer of a language model is followed."""

from __future__ import annotations

import time
from collections.abc import Iterable

from agents_core.llm.chunks import ChatChunk, CompletionUsage
from agents_core.metrics import LLMMetrics
from agents_core.streams import Port, Reading

_NO_USAGE = CompletionUsage(completion_tokens=0, prompt_tokens=0)


class Answering(Reading[ChatChunk, ChatChunk]):
    """Hands chunks on, and says what the answer took."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._asked = time.monotonic()
        self._first: float | None = None
        self._usage = _NO_USAGE
        self._id = ""

    def read(self, part: ChatChunk) -> Iterable[ChatChunk]:
        """The chunk, as it is."""
        self._id = part.id or self._id
        self._usage = part.usage or self._usage
        if not self.answered and part.delta and (part.delta.content or part.delta.tool_calls):
            self.answered = True
            self._first = time.monotonic() - self._asked
        return (part,)

    def over(self, *, error: Exception | None, cancelled: bool) -> None:
        """Says what the answer took."""
        duration = time.monotonic() - self._asked
        usage, port = self._usage, self._port
        measured = LLMMetrics(
            label=port.label,
            model=port.model,
            provider=port.provider,
            request_id=self._id,
            duration=duration,
            ttft=self._first,
            cancelled=cancelled,
            error=type(error).__name__ if error else None,
            completion_tokens=usage.completion_tokens,
            prompt_tokens=usage.prompt_tokens,
            prompt_cached_tokens=usage.prompt_cached_tokens,
            total_tokens=usage.total_tokens or usage.prompt_tokens + usage.completion_tokens,
            tokens_per_second=usage.completion_tokens / duration if duration else 0.0,
        )
        port.emit("metrics_collected", measured)
