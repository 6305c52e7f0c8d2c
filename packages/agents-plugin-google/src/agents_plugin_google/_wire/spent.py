"""What an answer in a conversation used up, in the words of the core."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def tokens(usage: Mapping[str, Any]) -> dict[str, int]:
    """Fields of `RealtimeModelMetrics`: thoughts are output, what tools brought is input.

    The Gemini API calls what was answered a response, Vertex AI calls it candidates.
    """
    into = _by_kind(usage, "promptTokensDetails")
    out = _by_kind(usage, "responseTokensDetails", "candidatesTokensDetails")
    spent = _count(usage, "promptTokenCount") + _count(usage, "toolUsePromptTokenCount")
    made = _count(usage, "responseTokenCount", "candidatesTokenCount")
    made += _count(usage, "thoughtsTokenCount")
    return {
        "input_tokens": spent,
        "output_tokens": made,
        "total_tokens": spent + made,
        "input_cached_tokens": _count(usage, "cachedContentTokenCount"),
        "input_audio_tokens": into.get("AUDIO", 0),
        "input_text_tokens": into.get("TEXT", 0),
        "output_audio_tokens": out.get("AUDIO", 0),
        "output_text_tokens": out.get("TEXT", 0),
    }


def _count(usage: Mapping[str, Any], *names: str) -> int:
    return next((usage[name] for name in names if name in usage), 0)


def _by_kind(usage: Mapping[str, Any], *names: str) -> dict[str, int]:
    details = next((usage[name] for name in names if name in usage), ())
    return {each["modality"]: each.get("tokenCount", 0) for each in details}
