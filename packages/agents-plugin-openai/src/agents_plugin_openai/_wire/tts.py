"""What speech is asked for, and which answers are sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents_core.audio import WavReader
from agents_plugin_openai import models

_FORMATS = ("pcm", "wav")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to the service.

    Raises:
        ValueError: the format is one that is not samples.
    """

    model: str
    voice: str | Mapping[str, str] = models.DEFAULT_TTS_VOICE
    speed: float | None = None
    instructions: str | None = None
    response_format: str = "pcm"
    extra_body: Mapping[str, object] = field(default_factory=dict)
    """Added to each body; there, None takes a field away."""

    def __post_init__(self) -> None:
        if self.response_format not in _FORMATS:
            raise ValueError(f"{self.response_format!r} is none of {', '.join(_FORMATS)}")


def format_speech(text: str, voice: Voice) -> dict[str, Any]:
    """The body that asks for `text`."""
    body = {
        "input": text,
        "model": voice.model,
        "voice": voice.voice,
        "response_format": voice.response_format,
        "speed": voice.speed,
        "instructions": voice.instructions,
        **voice.extra_body,
    }
    return {name: value for name, value in body.items() if value is not None}


def samples(reader: WavReader, piece: bytes) -> bytes:
    """The samples in the next piece of an answer, whether it wears a header or not.

    Raises:
        ValueError: they are no 16-bit PCM of one channel at the rate of the service.
    """
    sound = reader.push(piece)
    if reader.sample_rate not in {None, models.TTS_SAMPLE_RATE} or reader.num_channels not in {
        None,
        1,
    }:
        raise ValueError(f"{reader.num_channels} channels of {reader.sample_rate} samples a second")
    return sound
