"""An answer of a chat completion, event by event."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from agents_core.errors import APIConnectionError, APIError
from agents_core.llm import ChatChunk, ChoiceDelta, CompletionUsage
from agents_plugin_openai._wire.errors import complaint
from agents_plugin_openai._wire.llm_calls import ToolCalls

DONE = "[DONE]"
"""What comes instead of an event, when there are no more."""

logger = logging.getLogger("agents_plugin_openai")


class Answer:
    """Takes events in order, and says what each is worth."""

    def __init__(self, provider: str) -> None:
        self._provider = provider
        self._id = ""
        self._half = ""
        self._refusal: list[str] = []
        self._calls = ToolCalls()
        self._finish: str | None = None
        self._usage: Mapping[str, Any] | None = None
        self._whole = False

    def read(self, data: str) -> Iterator[ChatChunk]:
        """What the data of one event are worth.

        Raises:
            APIError: the vendor says so, or what it says cannot be used.
            LookupError, TypeError, ValueError, AttributeError: the event is malformed.
        """
        if data == DONE:
            self._whole = True
            return
        event = json.loads(data)
        if event.get("error"):
            raise complaint(event["error"], self._provider)
        self._id = self._id or str(event.get("id") or "")
        self._usage = event.get("usage") or self._usage
        choices = event.get("choices") if self._usage else event["choices"]
        for choice in choices or ():
            if not choice.get("index"):  # others are other answers, where several were asked for
                yield from self._read_choice(choice)

    def end(self) -> Iterator[ChatChunk]:
        """What can be said when nothing more comes.

        Raises:
            APIConnectionError: it broke off.
        """
        if not self._whole and self._finish is None:
            raise APIConnectionError(f"{self._provider}: the answer broke off")
        yield from self._made()
        extra = dict(self._extra())
        usage = None if self._usage is None else _usage(self._usage)
        if extra or usage is not None:
            delta = ChoiceDelta(extra=extra) if extra else None
            yield ChatChunk(id=self._id, delta=delta, usage=usage)

    def _read_choice(self, choice: Mapping[str, Any]) -> Iterator[ChatChunk]:
        delta = choice.get("delta") or {}
        self._calls.push(delta.get("tool_calls") or ())
        refusal = delta.get("refusal") or ""
        self._refusal.append(refusal)
        # A refusal is meant for the user as well, who would hear nothing else.
        text, self._half = _paired(self._half + (delta.get("content") or "") + refusal)
        if text:
            yield ChatChunk(id=self._id, delta=ChoiceDelta(content=text))
        if finish := choice.get("finish_reason"):
            self._finish = finish
            self._judge(finish)
            yield from self._made()

    def _made(self) -> Iterator[ChatChunk]:
        """The calls that are whole, once."""
        if calls := self._calls.take():
            yield ChatChunk(id=self._id, delta=ChoiceDelta(tool_calls=calls))

    def _judge(self, finish: str) -> None:
        """Raise where the answer ended for a reason that makes it useless."""
        if finish == "content_filter":
            words = f"{self._provider}: the content filter held the answer back"
            raise APIError(words, retryable=False)
        if finish == "error":
            raise APIError(f"{self._provider}: the answer ended with an error")
        if finish == "length":
            if self._calls:
                words = f"{self._provider}: the limit of tokens cut a tool call off"
                raise APIError(words, retryable=False)
            logger.warning("%s: the limit of tokens cut the answer off", self._provider)

    def _extra(self) -> Iterator[tuple[str, object]]:
        if self._finish is not None:
            yield "finish_reason", self._finish
        if refusal := "".join(self._refusal):
            yield "refusal", refusal


def _paired(text: str) -> tuple[str, str]:
    """`text` without halves of characters, and the half at its end, whose other half may follow.

    Services that count in UTF-16 may cut a character in two, which nobody could write or say.
    """
    half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
    whole = text[: len(text) - len(half)]
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), half


def _usage(told: Mapping[str, Any]) -> CompletionUsage:
    # What is not counted is no reason to give up an answer that came whole.
    spent, asked = int(told.get("completion_tokens") or 0), int(told.get("prompt_tokens") or 0)
    details = told.get("prompt_tokens_details") or {}
    # The second name is DeepSeek's.
    cached = details.get("cached_tokens") or told.get("prompt_cache_hit_tokens") or 0
    return CompletionUsage(
        completion_tokens=spent,
        prompt_tokens=asked,
        prompt_cached_tokens=int(cached),
        total_tokens=int(told.get("total_tokens") or spent + asked),
    )
