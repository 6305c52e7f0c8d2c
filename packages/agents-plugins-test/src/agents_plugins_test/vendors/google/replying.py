"""An answer of Google's in a conversation, part by part."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import spell, tail
from agents_core.testing.vendor import Reply

if TYPE_CHECKING:
    from agents_plugins_test.answers import Answer

_RATE = 24_000
_ids = itertools.count(1)


def usage() -> dict[str, Any]:
    """What an answer used up."""
    told = {
        "promptTokenCount": 9,
        "responseTokenCount": 6,
        "totalTokenCount": 15,
        "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 9}],
        "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 6}],
    }
    return {"usageMetadata": told}


async def answer_in_parts(
    reply: Reply, setup: Mapping[str, Any], answer: Answer, *, ids: bool
) -> AsyncGenerator[dict[str, Any]]:
    """The messages that say `reply`, as the setup of the conversation wants them.

    Args:
        reply: what is said, and called.
        setup: how the conversation was asked for.
        answer: with its faults.
        ids: whether calls have some.
    """
    speaks = "AUDIO" in setup["generationConfig"]["responseModalities"]
    for word in re.findall(r"\s*\S+\s*$|\s*\S+", reply.text):
        await answer.part()
        if not speaks:
            yield _turn({"text": word})
            continue
        if "outputAudioTranscription" in setup:
            yield {"serverContent": {"outputTranscription": {"text": word}}}
        for piece in _odd(spell(word, sample_rate=_RATE).data):
            yield _turn(_sound(piece))
    if speaks and reply.text:
        yield _turn(_sound(tail(sample_rate=_RATE).data))
    if reply.calls:
        await answer.part()
        calls = [{"name": call.name, "args": dict(call.arguments)} for call in reply.calls]
        named = [{"id": f"call-{next(_ids)}", **call} for call in calls] if ids else calls
        yield {"toolCall": {"functionCalls": named}}


def sound_in(message: Mapping[str, Any]) -> bytes:
    """The samples in it."""
    parts = message.get("serverContent", {}).get("modelTurn", {}).get("parts", ())
    sounds = (part["inlineData"]["data"] for part in parts if "inlineData" in part)
    return b"".join(map(base64.b64decode, sounds))


def _odd(sound: bytes) -> tuple[bytes, bytes]:
    """Cut in the middle of a sample."""
    half = len(sound) // 2 | 1
    return sound[:half], sound[half:]


def _sound(samples: bytes) -> dict[str, Any]:
    data = base64.b64encode(samples).decode()
    return {"inlineData": {"mimeType": f"audio/pcm;rate={_RATE}", "data": data}}


def _turn(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"serverContent": {"modelTurn": {"parts": [part]}}}
