"""What Gemini answers to a request, piece by piece."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from agents_core.errors import APIError, APIStatusError
from agents_core.llm import ChatChunk, ChoiceDelta, CompletionUsage, FunctionToolCall

logger = logging.getLogger("agents_plugin_google")

_WHOLE = frozenset(("STOP", "MAX_TOKENS"))
"""Reasons to finish after which there is an answer."""
_PASSING = frozenset(
    (
        "FINISH_REASON_UNSPECIFIED",
        "OTHER",
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
    )
)
"""Those that another try may well do without; all the others are about what was said."""
_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")


class Answer:
    """One answer, of which each piece is read in turn.

    All that can be wrong with a piece is a LookupError, TypeError, ValueError or AttributeError,
    or the `APIError` that Gemini tells of.
    """

    def __init__(self, provider: str, *, name: str) -> None:
        """Begin.

        Args:
            provider: who answers, for messages.
            name: of the answer, where Gemini gives it none.
        """
        self.id = name
        self._provider = provider
        self._reason: str | None = None
        self._calls = 0
        self._said = False
        self._usage: Mapping[str, Any] = {}

    def parts(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The parts of the answer in a piece of it, thoughts left out.

        Raises:
            APIError: Gemini tells of one, will not answer, or stopped for a reason that is one.
        """
        self._check(message)
        self.id = message.get("responseId", self.id)
        self._usage = message.get("usageMetadata", self._usage)
        candidate: Mapping[str, Any] = (message.get("candidates") or [{}])[0]
        parts = candidate.get("content", {}).get("parts", [])
        self._finish(candidate)
        return [part for part in parts if not part.get("thought")]

    def read(self, message: Mapping[str, Any]) -> Iterable[ChatChunk]:
        """What a piece says, as the core has it.

        Raises:
            APIError: as `parts`.
        """
        parts = self.parts(message)
        text = "".join(part["text"] for part in parts if "text" in part)
        calls = tuple(self._call(part) for part in parts if "functionCall" in part)
        if not text and not calls:
            return
        self._said = True
        delta = ChoiceDelta(content=text or None, tool_calls=calls)
        yield ChatChunk(id=self.id, delta=delta)

    def end(self) -> ChatChunk:
        """What the answer cost, told once all of it was read.

        Raises:
            APIError: it broke off, or nothing was said.
        """
        self.check_whole()
        if not self._said and self._reason == "STOP":
            raise APIError(f"{self._provider} answered nothing")
        return ChatChunk(id=self.id, usage=usage(self._usage))

    def check_whole(self) -> None:
        """Go on where the answer came to its end.

        Raises:
            APIError: it broke off.
        """
        if self._reason is None:
            raise APIError(f"{self._provider}: the answer broke off")
        if self._reason == "MAX_TOKENS":
            logger.warning("%s stopped in the middle: the limit of tokens", self._provider)

    def _check(self, message: Mapping[str, Any]) -> None:
        if "error" in message:
            raise told_error(message["error"], self._provider)
        feedback = message.get("promptFeedback", {})
        if "blockReason" in feedback:
            reason = feedback["blockReason"]
            raise APIStatusError(
                f"{self._provider} will not answer this: {reason}", body=feedback, retryable=False
            )

    def _finish(self, candidate: Mapping[str, Any]) -> None:
        reason = candidate.get("finishReason")
        if reason is None:
            return
        self._reason = reason
        if reason not in _WHOLE:
            words = ": ".join(filter(None, (reason, candidate.get("finishMessage"))))
            raise APIError(
                f"{self._provider} stopped: {words}", body=candidate, retryable=reason in _PASSING
            )

    def _call(self, part: Mapping[str, Any]) -> FunctionToolCall:
        call = part["functionCall"]
        self._calls += 1
        return FunctionToolCall(
            call_id=call.get("id") or f"{self.id}_{self._calls}",
            name=call["name"],
            arguments=json.dumps(call.get("args", {}), ensure_ascii=False),
            extra=signature(part),
        )


def signature(part: Mapping[str, Any]) -> dict[str, object] | None:
    """What Gemini wants to see again beside a call; `agents_core.chat.formats` puts it there."""
    if "thoughtSignature" not in part:
        return None
    return {"google": {"thought_signature": part["thoughtSignature"]}}


def usage(told: Mapping[str, Any]) -> CompletionUsage:
    """Tokens as the core counts them: thoughts are completion, what tools brought is prompt."""
    prompt = told.get("promptTokenCount", 0) + told.get("toolUsePromptTokenCount", 0)
    completion = told.get("candidatesTokenCount", 0) + told.get("thoughtsTokenCount", 0)
    return CompletionUsage(
        completion_tokens=completion,
        prompt_tokens=prompt,
        prompt_cached_tokens=told.get("cachedContentTokenCount", 0),
        total_tokens=prompt + completion,
    )


def told_error(error: Mapping[str, Any], provider: str) -> APIStatusError:
    """The error that Google tells of, within an answer that began well."""
    return APIStatusError(
        f"{provider}: {error.get('message', 'an error without a word')}",
        status_code=error.get("code", -1),
        body=error,
        retry_after=_delay_in(error),
    )


def retry_delay(body: object) -> float | None:
    """Seconds that the body of a refusal asks to wait; None where it does not."""
    try:
        told = json.loads(body) if isinstance(body, str) else {}
        return _delay_in(told["error"])
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _delay_in(error: Mapping[str, Any]) -> float | None:
    for detail in error.get("details", ()):
        if found := _DELAY.fullmatch(str(detail.get("retryDelay", ""))):
            return float(found[1])
    return None
