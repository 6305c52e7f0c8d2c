"""What ElevenLabs is asked, in its own words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from agents_plugin_elevenlabs import models

_ENCODING = re.compile(r"pcm_([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSettings:
    """How a voice speaks, where that is to be otherwise than it was saved; from 0 to 1."""

    stability: float
    similarity_boost: float
    style: float | None = None
    speed: float | None = None
    """From 0.8 to 1.2: 1 is the voice's own."""
    use_speaker_boost: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PronunciationDictionaryLocator:
    """A dictionary of yours at ElevenLabs."""

    pronunciation_dictionary_id: str
    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Who speaks, and how; what is None, or empty, is left to ElevenLabs."""

    voice_id: str = models.DEFAULT_TTS_VOICE
    model: str = models.DEFAULT_TTS_MODEL
    encoding: str = models.DEFAULT_TTS_ENCODING
    language: str | None = None
    voice_settings: VoiceSettings | None = None
    streaming_latency: int | None = None
    inactivity_timeout: int = models.DEFAULT_TTS_INACTIVITY_TIMEOUT_S
    auto_mode: bool | None = None
    apply_text_normalization: Literal["auto", "on", "off"] | None = None
    enable_ssml_parsing: bool | None = None
    enable_logging: bool | None = None
    chunk_length_schedule: tuple[int, ...] = ()
    sync_alignment: bool = True
    preferred_alignment: Literal["original", "normalized"] = "original"
    pronunciation_dictionary_locators: tuple[PronunciationDictionaryLocator, ...] = ()

    @property
    def speaks_at_once(self) -> bool:
        """Whether what is sent is spoken without a wait for more: it has to make sense alone."""
        return not self.chunk_length_schedule if self.auto_mode is None else self.auto_mode


def sample_rate_of(encoding: str) -> int:
    """Samples a second.

    Raises:
        ValueError: it is another one than PCM, which would have to be decoded.
    """
    known = _ENCODING.fullmatch(encoding)
    if known is None:
        raise ValueError(f"{encoding!r} is no encoding of samples: take one as pcm_22050")
    return int(known[1])


def whole_path(options: Options) -> str:
    """Where a whole text is asked for, below the base URL."""
    query = _told(
        output_format=options.encoding,
        optimize_streaming_latency=options.streaming_latency,
        enable_logging=options.enable_logging,
    )
    timed = "/with-timestamps" if options.sync_alignment else ""
    return f"{_path(options, 'stream')}{timed}?{_query(query)}"


def socket_path(options: Options) -> str:
    """Where the websocket is, below the base URL; options that are in it are those of a socket."""
    query = _told(
        model_id=options.model,
        output_format=options.encoding,
        language_code=options.language,
        optimize_streaming_latency=options.streaming_latency,
        inactivity_timeout=options.inactivity_timeout,
        auto_mode=options.speaks_at_once,
        apply_text_normalization=options.apply_text_normalization,
        enable_ssml_parsing=options.enable_ssml_parsing,
        enable_logging=options.enable_logging,
        sync_alignment=options.sync_alignment,
    )
    return f"{_path(options, 'multi-stream-input')}?{_query(query)}"


def format_whole(text: str, options: Options) -> dict[str, object]:
    """The body that asks for a whole text."""
    return _told(
        text=text,
        model_id=options.model,
        language_code=options.language,
        apply_text_normalization=options.apply_text_normalization,
        **_manner(options),
    )


def format_beginning(context: str, options: Options) -> dict[str, object]:
    """The first message of a context."""
    schedule = {"chunk_length_schedule": [*options.chunk_length_schedule]}
    return _told(
        text=" ",
        context_id=context,
        generation_config=schedule if options.chunk_length_schedule else None,
        **_manner(options),
    )


def format_text(text: str, context: str, *, last: bool) -> dict[str, object]:
    """A piece of text; after the last one, what is still waiting there is spoken too."""
    return _told(text=f"{text.rstrip()} ", context_id=context, flush=True if last else None)


def format_close(context: str) -> dict[str, object]:
    """No more text; what was flushed is spoken to its end by ElevenLabs, unless nobody listens."""
    return {"context_id": context, "close_context": True}


def _path(options: Options, road: str) -> str:
    return f"/text-to-speech/{quote(options.voice_id, safe='')}/{road}"


def _manner(options: Options) -> dict[str, object]:
    settings = options.voice_settings
    locators = [dataclasses.asdict(each) for each in options.pronunciation_dictionary_locators]
    return _told(
        voice_settings=_told(**dataclasses.asdict(settings)) if settings else None,
        pronunciation_dictionary_locators=locators or None,
    )


def _told(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _query(fields: Mapping[str, object]) -> str:
    """JSON's way with truth, instead of Python's."""
    return urlencode({k: str(v).lower() if isinstance(v, bool) else v for k, v in fields.items()})
