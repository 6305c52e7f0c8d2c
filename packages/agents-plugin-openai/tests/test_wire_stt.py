"""What a transcription is asked for, and what it answers."""

from __future__ import annotations

from typing import Any

import pytest

from agents_core.stt import RecognitionUsage, SpeechData, SpeechEventType
from agents_core.timing import TimedWord
from agents_plugin_openai._wire.stt import (
    Hearing,
    format_fields,
    language_asked_for,
    read_transcript,
)

VERBOSE: dict[str, Any] = {
    "task": "transcribe",
    "language": "english",
    "duration": 1.5,
    "text": " Six geese. ",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 0.25,
            "end": 1.25,
            "text": " Six geese.",
            "tokens": [50364],
            "temperature": 0.0,
            "avg_logprob": -0.28,
            "compression_ratio": 1.2,
            "no_speech_prob": 0.01,
        }
    ],
}
WORDS = [
    {"word": "Six", "start": 0.5, "end": 0.75},
    {"word": "geese", "start": 0.75, "end": 1.0},
]


def heard(answer: dict[str, Any], language: str = "") -> tuple[SpeechData, RecognitionUsage | None]:
    event = read_transcript(answer, request_id="req_1", language=language)
    assert (event.type, event.request_id) == (SpeechEventType.FINAL_TRANSCRIPT, "req_1")
    [data] = event.alternatives
    return data, event.usage


@pytest.mark.parametrize(
    ("model", "response_format", "sent"),
    [
        ("whisper-1", None, "verbose_json"),
        ("whisper-large-v3-turbo", None, "verbose_json"),
        ("gpt-4o-transcribe", None, "json"),
        ("whisper-1", "json", "json"),
    ],
)
def test_the_fullest_format_is_asked_for(
    model: str, response_format: str | None, sent: str
) -> None:
    hearing = Hearing(model=model, response_format=response_format)

    assert list(format_fields(hearing, language=None)) == [
        ("model", model),
        ("response_format", sent),
    ]


def test_every_option_has_its_field() -> None:
    hearing = Hearing(
        model="whisper-1",
        language="de-CH",
        prompt="",
        temperature=0.0,
        timestamp_granularities=("word", "segment"),
    )

    assert list(format_fields(hearing, language=None)) == [
        ("model", "whisper-1"),
        ("response_format", "verbose_json"),
        ("language", "de"),
        ("prompt", ""),
        ("temperature", "0.0"),
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities[]", "segment"),
    ]


@pytest.mark.parametrize(
    ("own", "detect", "said", "asked"),
    [
        (None, False, None, ""),
        ("de", False, None, "de"),
        ("de", False, "fr", "fr"),
        ("de", True, "fr", ""),
    ],
)
def test_the_language_of_a_recording_comes_first(
    own: str | None, detect: bool, said: str | None, asked: str
) -> None:
    hearing = Hearing(model="m", language=own, detect_language=detect)

    assert language_asked_for(hearing, said) == asked


def test_a_transcript_has_the_times_of_its_segments() -> None:
    data, usage = heard(VERBOSE)

    assert (data.text, data.language) == ("Six geese.", "english")
    assert (data.start_time, data.end_time) == (0.25, 1.25)
    assert usage == RecognitionUsage(audio_duration=1.5)


def test_a_transcript_has_its_words() -> None:
    data, _ = heard({**VERBOSE, "segments": None, "words": WORDS})

    assert data.words == (
        TimedWord(text="Six", start_time=0.5, end_time=0.75),
        TimedWord(text="geese", start_time=0.75, end_time=1.0),
    )
    assert (data.start_time, data.end_time) == (0.5, 1.0)


def test_a_transcript_may_be_text_alone() -> None:
    usage = {"type": "tokens", "input_tokens": 14, "output_tokens": 5, "total_tokens": 19}
    data, used = heard({"text": "", "usage": usage}, language="de")

    assert (data.text, data.language, data.start_time, data.end_time) == ("", "de", 0.0, 0.0)
    assert used is None


def test_usage_may_be_told_in_seconds() -> None:
    _, used = heard({"text": "Hi.", "usage": {"type": "duration", "seconds": 9}})

    assert used == RecognitionUsage(audio_duration=9.0)


@pytest.mark.parametrize("answer", [{}, {"text": None}, {"text": "", "words": [{"word": "a"}]}, []])
def test_what_is_malformed_raises_what_a_malformed_answer_raises(answer: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        heard(answer)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": None},
        {"segments": [{"start": None, "end": 1.0}]},
        {"segments": [{"start": 0.0, "end": "soon"}]},
        {"words": [{"word": 5, "start": 0.0, "end": 1.0}]},
        {"words": [{"word": "Six", "start": None, "end": 1.0}]},
        {"words": [{"word": "Six", "start": 0.0, "end": []}]},
    ],
)
def test_what_is_of_another_kind_than_it_should_be_is_malformed(changed: dict[str, Any]) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError)):
        heard({**VERBOSE, **changed})
