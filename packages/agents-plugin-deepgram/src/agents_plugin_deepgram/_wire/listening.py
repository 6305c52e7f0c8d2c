"""Transcription of the first version of Deepgram's API: options, and whole recordings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents_core.stt import SpeechData, SpeechEvent, SpeechEventType, TimedWord
from agents_plugin_deepgram import models
from agents_plugin_deepgram._wire.queries import Query, check_tags, format_query, several


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How to listen; what is None or empty is left to Deepgram.

    Raises:
        ValueError: a tag is too long.
    """

    model: str = models.DEFAULT_STT_MODEL
    language: str = models.DEFAULT_STT_LANGUAGE
    detect_language: bool = False
    sample_rate: int = models.DEFAULT_STT_SAMPLE_RATE
    interim_results: bool = True
    punctuate: bool | None = True
    smart_format: bool | None = None
    dictation: bool | None = None
    numerals: bool | None = None
    no_delay: bool | None = True
    endpointing_ms: int = models.DEFAULT_STT_ENDPOINTING_MS
    """0 for no endpointing."""
    utterance_end_ms: int | None = None
    vad_events: bool = True
    enable_diarization: bool = False
    filler_words: bool | None = True
    profanity_filter: bool | None = None
    keywords: tuple[tuple[str, float], ...] = ()
    keyterm: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mip_opt_out: bool | None = None

    def __post_init__(self) -> None:
        for name in ("keyterm", "redact", "replace", "tags"):
            object.__setattr__(self, name, several(getattr(self, name)))
        object.__setattr__(self, "keywords", tuple(map(tuple, self.keywords)))
        check_tags(self.tags)


def format_stream(options: Listening, language: str | None) -> Query:
    """The query that asks to listen; `language` goes before that of the options."""
    live = {
        "language": language or options.language,
        "encoding": models.DEFAULT_ENCODING,
        "sample_rate": options.sample_rate,
        "channels": 1,
        "interim_results": options.interim_results,
        "vad_events": options.vad_events,
        "endpointing": options.endpointing_ms or False,
        "utterance_end_ms": options.utterance_end_ms,
        "no_delay": options.no_delay,
    }
    return format_query(_common(options) | live)


def format_recording(options: Listening, language: str | None) -> Query:
    """The query that goes with a whole recording, whose language can be found out."""
    detects = options.detect_language and not language
    spoken = {"detect_language": True} if detects else {"language": language or options.language}
    return format_query(_common(options) | spoken)


def parse_recording(body: bytes, *, language: str) -> SpeechEvent:
    """What is said in a recording; `language` is what was asked for, where none is told.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    answer = json.loads(body)
    channel = answer["results"]["channels"][0]
    spoken = str(channel.get("detected_language") or language)
    return SpeechEvent(
        type=SpeechEventType.FINAL_TRANSCRIPT,
        request_id=str(answer["metadata"]["request_id"]),
        alternatives=parse_alternatives(channel, language=spoken),
    )


def parse_alternatives(channel: Mapping[str, Any], *, language: str) -> tuple[SpeechData, ...]:
    """The understandings of a channel, the best one first."""
    return tuple(_alternative(each, language) for each in channel["alternatives"])


def first_language(told: Mapping[str, Any], otherwise: str) -> str:
    """The language that most of it is in, where it tells any."""
    return str(next(iter(told.get("languages") or ()), None) or otherwise)


def _common(options: Listening) -> dict[str, object]:
    return {
        "model": options.model,
        "punctuate": options.punctuate,
        "smart_format": options.smart_format,
        "dictation": options.dictation,
        "numerals": options.numerals,
        "diarize": options.enable_diarization or None,
        "filler_words": options.filler_words,
        "profanity_filter": options.profanity_filter,
        "keywords": tuple(f"{word}:{boost:g}" for word, boost in options.keywords),
        "keyterm": options.keyterm,
        "redact": options.redact,
        "replace": options.replace,
        "tag": options.tags,
        "mip_opt_out": options.mip_opt_out,
    }


def _alternative(told: Mapping[str, Any], language: str) -> SpeechData:
    words = tuple(_word(word) for word in told["words"])
    return SpeechData(
        text=told["transcript"].strip(),
        language=first_language(told, language),
        start_time=words[0].start_time if words else 0.0,
        end_time=words[-1].end_time if words else 0.0,
        confidence=float(told["confidence"]),
        words=words,
        speaker_id=_speaker(told["words"]),
    )


def _word(told: Mapping[str, Any]) -> TimedWord:
    return TimedWord(
        text=(told.get("punctuated_word") or told["word"]).strip(),
        start_time=float(told["start"]),
        end_time=float(told["end"]),
        confidence=told.get("confidence"),
    )


def _speaker(words: Sequence[Mapping[str, Any]]) -> str | None:
    """Who says the most of these words."""
    said = Counter(word["speaker"] for word in words if word.get("speaker") is not None)
    return f"S{said.most_common(1)[0][0]}" if said else None
