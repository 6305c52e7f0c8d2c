"""What Rime is asked, in its own words: pure, from values to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents_plugin_rime import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to Rime.

    The fields from `repetition_penalty` on are known to the arcana models, those from `speed_alpha`
    on to the mist models; they are sent as given, since models come and go.
    """

    model: str = models.DEFAULT_TTS_MODEL
    speaker: str = models.DEFAULT_TTS_VOICE
    lang: str | None = None
    sample_rate: int = 24_000
    """Samples a second; Rime is always told, so that it cannot be another one."""
    repetition_penalty: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    speed_alpha: float | None = None
    reduce_latency: bool | None = None
    pause_between_brackets: bool | None = None
    phonemize_between_brackets: bool | None = None
    inline_speed_alpha: str | None = None
    no_text_normalization: bool | None = None
    save_oovs: bool | None = None


def format_request(text: str, voice: Voice) -> dict[str, object]:
    """The body that asks for `text`."""
    body = {
        "text": text,
        "speaker": voice.speaker,
        "modelId": voice.model,
        "lang": voice.lang,
        "samplingRate": voice.sample_rate,
        "repetition_penalty": voice.repetition_penalty,
        "temperature": voice.temperature,
        "top_p": voice.top_p,
        "max_tokens": voice.max_tokens,
        "speedAlpha": voice.speed_alpha,
        "reduceLatency": voice.reduce_latency,
        "pauseBetweenBrackets": voice.pause_between_brackets,
        "phonemizeBetweenBrackets": voice.phonemize_between_brackets,
        "inlineSpeedAlpha": voice.inline_speed_alpha,
        "noTextNormalization": voice.no_text_normalization,
        "saveOovs": voice.save_oovs,
    }
    return {name: value for name, value in body.items() if value is not None}


def sample_rate_of(model: str) -> int:
    """Samples a second that suit a model; those of the default where it is not known by name."""
    rates: Mapping[str, int] = dict(models.DEFAULT_TTS_SAMPLE_RATES.items())
    return rates.get(model, rates[models.DEFAULT_TTS_MODEL])
