"""What a transcription is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from agents_core.stt import RecognitionUsage, SpeechData, SpeechEvent, SpeechEventType
from agents_core.timing import TimedWord

Granularity: TypeAlias = Literal["word", "segment"]
"""What is timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How it listens; what is None is left to the service."""

    model: str
    language: str | None = None
    detect_language: bool = False
    """Whether to find the language out, whatever language is said to be spoken."""
    prompt: str | None = None
    temperature: float | None = None
    response_format: str | None = None
    """None for the one that tells most: ``verbose_json`` of Whisper, ``json`` of others."""
    timestamp_granularities: tuple[Granularity, ...] = ()


def format_fields(hearing: Hearing, *, language: str | None) -> Iterator[tuple[str, str]]:
    """The fields of the form, but for the recording.

    Args:
        hearing: how to listen.
        language: what is spoken in this recording, where that is known.
    """
    yield "model", hearing.model
    yield "response_format", hearing.response_format or _fullest(hearing.model)
    if spoken := language_asked_for(hearing, language):
        yield "language", spoken.partition("-")[0]  # ISO 639-1
    if hearing.prompt is not None:
        yield "prompt", hearing.prompt
    if hearing.temperature is not None:
        yield "temperature", str(hearing.temperature)
    for granularity in hearing.timestamp_granularities:
        yield "timestamp_granularities[]", granularity


def language_asked_for(hearing: Hearing, language: str | None) -> str:
    """What is spoken in a recording, as far as it is known; empty where it is to be found out."""
    return "" if hearing.detect_language else language or hearing.language or ""


def read_transcript(answer: Mapping[str, Any], *, request_id: str, language: str) -> SpeechEvent:
    """What was said.

    Args:
        answer: the JSON that came.
        request_id: by which the service knows the request.
        language: which was asked for; the service would tell it by its English name.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: it is malformed.
    """
    words = tuple(
        TimedWord(
            text=word["word"].strip(),
            start_time=float(word["start"]),
            end_time=float(word["end"]),
        )
        for word in answer.get("words") or ()
    )
    timed = answer.get("segments") or answer.get("words") or ()
    data = SpeechData(
        text=answer["text"].strip(),
        language=str(language or answer.get("language") or ""),
        start_time=float(timed[0]["start"]) if timed else 0.0,
        end_time=float(timed[-1]["end"]) if timed else 0.0,
        words=words,
    )
    return SpeechEvent(
        type=SpeechEventType.FINAL_TRANSCRIPT,
        alternatives=(data,),
        request_id=request_id,
        usage=_usage(answer),
    )


def _fullest(model: str) -> str:
    return "verbose_json" if "whisper" in model else "json"


def _usage(answer: Mapping[str, Any]) -> RecognitionUsage | None:
    seconds = (answer.get("usage") or {}).get("seconds", answer.get("duration"))
    return None if seconds is None else RecognitionUsage(audio_duration=float(seconds))
