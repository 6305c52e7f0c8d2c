"""What Gemini is asked for speech, and the sound in its answer."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

from agents_core.errors import APIError
from agents_plugin_google import models
from agents_plugin_google._wire.naming import given

_SAMPLES = frozenset(("audio/l16", "audio/pcm"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to Gemini."""

    model: str = models.DEFAULT_TTS_MODEL
    voice_name: str = models.DEFAULT_TTS_VOICE
    language: str | None = None
    instructions: str | None = models.DEFAULT_TTS_INSTRUCTIONS
    temperature: float | None = None
    seed: int | None = None


def format_speech(text: str, voice: Voice) -> dict[str, Any]:
    """The body that asks for `text` to be read aloud."""
    said = text if voice.instructions is None else f"{voice.instructions}:\n{text}"
    config = {
        "response_modalities": ["AUDIO"],
        "speech_config": speech_config(voice.voice_name, voice.language),
        "temperature": voice.temperature,
        "seed": voice.seed,
    }
    contents = [{"role": "user", "parts": [{"text": said}]}]
    return {"contents": contents, "generationConfig": given(config)}


def speech_config(voice: str, language: str | None) -> dict[str, Any]:
    """Who speaks, and which language."""
    config = {
        "voice_config": {"prebuilt_voice_config": {"voice_name": voice}},
        "language_code": language,
    }
    return given(config)


def sound_in(parts: Iterable[Mapping[str, Any]], *, sample_rate: int) -> Iterable[bytes]:
    """The samples in the parts of an answer.

    Raises:
        APIError: it is no sound of 16 bits at that rate.
    """
    for part in parts:
        if "inlineData" in part:
            inline = part["inlineData"]
            _check_kind(inline.get("mimeType", ""), sample_rate)
            yield base64.b64decode(inline["data"], validate=True)


def _check_kind(kind: str, sample_rate: int) -> None:
    header = Message()
    header["Content-Type"] = kind
    rate = header.get_param("rate", str(sample_rate))
    if header.get_content_type() not in _SAMPLES or rate != str(sample_rate):
        raise APIError(f"Gemini answered {kind or 'something'} instead of sound", retryable=False)
