"""What Inworld is asked, in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from agents_plugin_inworld import models

LONGEST_WHOLE = 2000
"""Characters that Inworld takes in one request."""
_LONGEST_TEXT = 1000
"""And in one message of the websocket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Who speaks, and how; what is None is left to Inworld."""

    voice: str = models.DEFAULT_TTS_VOICE
    model: str = models.DEFAULT_TTS_MODEL
    encoding: str = models.DEFAULT_TTS_ENCODING
    bit_rate: int | None = models.DEFAULT_TTS_BITRATE
    sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE
    speaking_rate: float | None = models.DEFAULT_TTS_SPEAKING_RATE
    temperature: float | None = models.DEFAULT_TTS_TEMPERATURE
    timestamp_type: Literal["WORD", "CHARACTER"] | None = None
    timestamp_transport_strategy: Literal["SYNC", "ASYNC"] | None = None
    text_normalization: Literal["ON", "OFF"] | None = None
    language: str | None = None
    delivery_mode: str | None = None
    buffer_char_threshold: int | None = None
    max_buffer_delay_ms: int | None = None
    auto_mode: bool | None = True


def check_encoding(encoding: str) -> None:
    """Go on where the sound that comes is samples.

    Raises:
        ValueError: it would have to be decoded.
    """
    known = get_args(models.TTSEncodings)
    if encoding not in known:
        raise ValueError(f"{encoding!r} is no encoding of samples: take one of {known}")


def format_whole(text: str, options: Options) -> dict[str, object]:
    """The body that asks for a whole text."""
    return {"text": text, **_format(options)}


def format_create(context: str, options: Options) -> dict[str, object]:
    """The first message of a context."""
    buffering = _told(
        bufferCharThreshold=options.buffer_char_threshold,
        maxBufferDelayMs=options.max_buffer_delay_ms,
        autoMode=options.auto_mode,
    )
    return {"create": {**_format(options), **buffering}, "contextId": context}


def format_texts(text: str, context: str) -> Iterator[dict[str, object]]:
    """A piece of text, in as many messages as it takes."""
    while text:
        piece, text = _cut(text)
        yield {"send_text": {"text": piece}, "contextId": context}


def format_close(context: str) -> dict[str, object]:
    """No more text; what is still waiting there is spoken before the context is closed."""
    return {"close_context": {}, "contextId": context}


def _format(options: Options) -> dict[str, object]:
    sound = _told(
        audioEncoding=options.encoding,
        bitrate=options.bit_rate,
        sampleRateHertz=options.sample_rate,
        speakingRate=options.speaking_rate,
    )
    return _told(
        voiceId=options.voice,
        modelId=options.model,
        audioConfig=sound,
        temperature=options.temperature,
        timestampType=options.timestamp_type,
        timestampTransportStrategy=options.timestamp_transport_strategy,
        applyTextNormalization=options.text_normalization,
        language=options.language,
        deliveryMode=options.delivery_mode,
    )


def _cut(text: str) -> tuple[str, str]:
    """After the last space that is not too late, else wherever it has to be."""
    if len(text) <= _LONGEST_TEXT:
        return text, ""
    space = text.rfind(" ", 0, _LONGEST_TEXT) + 1
    at = space or _LONGEST_TEXT
    return text[:at], text[at:]


def _told(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
