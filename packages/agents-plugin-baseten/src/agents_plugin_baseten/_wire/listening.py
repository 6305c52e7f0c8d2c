"""Transcription: the options that come first, sound in equal chunks, transcripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_core.errors import APIError
from agents_core.stt import SpeechData, SpeechEvent, SpeechEventType, TimedWord
from agents_plugin_baseten import models

END_AUDIO: Mapping[str, object] = {"type": "end_audio"}

_CHUNK = 0.032
"""Seconds: 512 samples at 16 kHz, 256 at 8 kHz, which is what the detector of speech takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How to listen; what is None or empty is left to the deployment."""

    language: str = models.DEFAULT_STT_LANGUAGE
    language_options: tuple[str, ...] = ()
    prompt: str | None = None
    sample_rate: int = models.DEFAULT_STT_SAMPLE_RATE
    enable_partial_transcripts: bool = True
    partial_transcript_interval_s: float | None = None
    final_transcript_max_duration_s: int | None = None
    show_word_timestamps: bool = True
    vad_threshold: float = models.DEFAULT_STT_VAD_THRESHOLD
    vad_min_silence_duration_ms: int = models.DEFAULT_STT_VAD_MIN_SILENCE_MS
    vad_speech_pad_ms: int = models.DEFAULT_STT_VAD_SPEECH_PAD_MS

    def __post_init__(self) -> None:
        object.__setattr__(self, "language_options", tuple(self.language_options))


def format_metadata(options: Listening, language: str | None) -> dict[str, object]:
    """The first message; `language` goes before that of the options.

    Deployments refuse fields that they do not know, so one is named only where it is asked for.
    """
    groups: dict[str, Mapping[str, object]] = {
        "streaming_vad_config": {
            "threshold": options.vad_threshold,
            "min_silence_duration_ms": options.vad_min_silence_duration_ms,
            "speech_pad_ms": options.vad_speech_pad_ms,
        },
        "streaming_params": {
            "encoding": models.DEFAULT_STT_ENCODING,
            "sample_rate": options.sample_rate,
            "enable_partial_transcripts": options.enable_partial_transcripts,
            "partial_transcript_interval_s": options.partial_transcript_interval_s,
            "final_transcript_max_duration_s": options.final_transcript_max_duration_s,
        },
        "whisper_params": {
            "audio_language": language or options.language,
            "show_word_timestamps": options.show_word_timestamps,
            "language_options": list(options.language_options) or None,
            "prompt": options.prompt,
        },
    }
    return {name: _given(group) for name, group in groups.items()}


class Chunks:
    """Cuts sound in chunks of the one length that the detector of speech takes."""

    def __init__(self, *, sample_rate: int) -> None:
        self._size = 2 * round(_CHUNK * sample_rate)
        self._waiting = b""

    def push(self, sound: bytes) -> tuple[bytes, ...]:
        """The chunks that are whole."""
        self._waiting += sound
        whole = len(self._waiting) // self._size * self._size
        ready, self._waiting = self._waiting[:whole], self._waiting[whole:]
        return tuple(ready[at : at + self._size] for at in range(0, whole, self._size))

    def rest(self) -> tuple[bytes, ...]:
        """What is left, filled up with silence; nothing of nothing."""
        rest, self._waiting = self._waiting, b""
        return (rest.ljust(self._size, b"\0"),) if rest else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a message says."""

    events: tuple[SpeechEvent, ...] = ()
    over: bool = False
    """Whether all of the sound was transcribed, and nothing more will come."""


def parse_message(message: str | bytes, *, language: str) -> Heard:
    """What a message says; `language` is that of transcripts that tell none.

    Raises:
        APIError: it tells of an error.
        LookupError, TypeError, ValueError: it is malformed.
    """
    told = json.loads(message)
    match told.get("type", "transcription"):
        case "transcription":
            data = parse_transcript(told, language=language)
            return Heard(events=_events(data, final=bool(told.get("is_final", True))))
        case "end_audio":
            return Heard(over=told["body"]["status"] == "finished")
        case "error":
            said = told.get("message") or told.get("body")
            raise APIError(f"Baseten: {said or 'an error without a word'}", body=told)
        case _:
            return Heard()  # of a later version


def parse_transcript(told: Mapping[str, Any], *, language: str) -> SpeechData:
    """What was said, with the words of each segment, or the segments where it tells no words.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    segments = told["segments"]
    whole = " ".join(segment["text"].strip() for segment in segments)
    return SpeechData(
        text=(told.get("transcript") or whole).strip(),
        language=str(told.get("language_code") or language),
        start_time=float(segments[0]["start_time"]) if segments else 0.0,
        end_time=float(segments[-1]["end_time"]) if segments else 0.0,
        confidence=float(told.get("confidence", 1.0)),
        words=tuple(
            _word(word) for segment in segments for word in _timed(segment) if word.get("word")
        ),
    )


def _events(data: SpeechData, *, final: bool) -> tuple[SpeechEvent, ...]:
    if not data.text:
        return ()
    kind = SpeechEventType.FINAL_TRANSCRIPT if final else SpeechEventType.INTERIM_TRANSCRIPT
    return (SpeechEvent(type=kind, alternatives=(data,)),)


def _timed(segment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    words: list[Mapping[str, Any]] = segment.get("word_timestamps") or []
    return words or [{**segment, "word": segment["text"]}]


def _word(told: Mapping[str, Any]) -> TimedWord:
    return TimedWord(
        text=told["word"].strip(),
        start_time=float(told["start_time"]),
        end_time=float(told["end_time"]),
    )


def _given(group: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in group.items() if value is not None}
