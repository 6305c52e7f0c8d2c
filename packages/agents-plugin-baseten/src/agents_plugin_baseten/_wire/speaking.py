"""Speech: what a deployed voice is asked, and which of its answers are sound."""

from __future__ import annotations

from dataclasses import dataclass

from agents_plugin_baseten import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to the deployment."""

    voice: str = models.DEFAULT_TTS_VOICE
    language: str = models.DEFAULT_TTS_LANGUAGE
    temperature: float = models.DEFAULT_TTS_TEMPERATURE
    max_tokens: int | None = None


def format_request(text: str, voice: Voice) -> dict[str, object]:
    """The body that asks for `text`."""
    body = {
        "prompt": text,
        "voice": voice.voice,
        "language": voice.language,
        "temperature": voice.temperature,
        "max_tokens": voice.max_tokens,
    }
    return {name: value for name, value in body.items() if value is not None}


def is_sound(content_type: str) -> bool:
    """Whether an answer is sound, and not a message; what a deployment calls sound is up to it."""
    return content_type != "application/json" and not content_type.startswith("text/")
