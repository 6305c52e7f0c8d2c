"""What Cartesia is asked, and what its messages mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents_core.errors import APIStatusError
from agents_core.tts import SegmentEnd, TimedWord, Words
from agents_plugin_cartesia import models
from agents_plugin_cartesia._wire import (
    Answer,
    Voice,
    context_of,
    format_cancel,
    format_transcript,
    format_whole,
)

CONTEXT = "50dc3b5e-5841-4aa1-9f94-60cfb9aead79"

CHUNK = {
    "type": "chunk",
    "data": "AAD/fwCA",
    "done": False,
    "status_code": 206,
    "step_time": 123,
    "context_id": CONTEXT,
}
TIMESTAMPS = {
    "type": "timestamps",
    "done": False,
    "status_code": 206,
    "context_id": CONTEXT,
    "word_timestamps": {"words": ["Hello", "world"], "start": [0, 0.5], "end": [0.4, 0.9]},
}
DONE = {"type": "done", "done": True, "status_code": 206, "context_id": CONTEXT}
FLUSH_DONE = {
    "type": "flush_done",
    "done": False,
    "flush_done": True,
    "flush_id": 1,
    "status_code": 206,
    "context_id": CONTEXT,
}


def read(*messages: object, whole: bool = True, sample_rate: int = 24_000) -> list[object]:
    answer = Answer(sample_rate=sample_rate)
    return [part for each in messages for part in answer.read(json.dumps(each), whole=whole)]


def test_what_is_not_given_is_left_to_cartesia() -> None:
    assert format_whole("Hello.", Voice(language=None)) == {
        "model_id": "sonic-2",
        "voice": {"mode": "id", "id": "794f9389-aac1-45b6-b726-9d9369183238"},
        "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24_000},
        "transcript": "Hello.",
    }


def test_every_option_has_the_name_that_cartesia_gives_it() -> None:
    voice = Voice(
        model="sonic-3",
        voice="v",
        language="de",
        speed=0.0,
        emotion="calm",
        volume=1.5,
        pronunciation_dict_id="pdict_1",
        max_buffer_delay_ms=0,
        sample_rate=16_000,
    )

    assert format_transcript("Hallo, ", voice, context=CONTEXT, more=True) == {
        "model_id": "sonic-3",
        "voice": {"mode": "id", "id": "v"},
        "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16_000},
        "language": "de",
        "generation_config": {"speed": 0.0, "emotion": "calm", "volume": 1.5},
        "pronunciation_dict_id": "pdict_1",
        "max_buffer_delay_ms": 0,
        "transcript": "Hallo, ",
        "context_id": CONTEXT,
        "continue": True,
        "add_timestamps": True,
    }


def test_a_speed_by_name_stands_alone_and_of_several_emotions_the_first_counts() -> None:
    asked = format_whole("Hello.", Voice(speed="fast", emotion=("calm", "angry")))

    assert asked["speed"] == "fast"
    assert asked["generation_config"] == {"emotion": "calm"}


def test_older_versions_are_told_by_controls_of_the_voice() -> None:
    voice = Voice(
        voice=(0.5, 1.0),
        speed=-0.5,
        emotion="calm",
        volume=2.0,
        api_version=models.EMBEDDINGS_API_VERSION,
    )

    asked = format_whole("Hello.", voice)

    assert asked["voice"] == {
        "mode": "embedding",
        "embedding": [0.5, 1.0],
        "__experimental_controls": {"speed": -0.5, "emotion": ["calm"]},
    }
    assert not {"speed", "generation_config"} & asked.keys()


def test_no_emotion_is_as_good_as_an_empty_one() -> None:
    asked = format_whole("Hello.", Voice())

    assert format_whole("Hello.", Voice(emotion=())) == asked
    assert format_whole("Hello.", Voice(emotion=None)) == asked


def test_another_encoding_than_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="pcm_mulaw"):
        Voice(encoding="pcm_mulaw")


def test_a_context_is_cancelled_by_name() -> None:
    assert format_cancel(CONTEXT) == {"context_id": CONTEXT, "cancel": True}


def test_messages_name_their_context_or_are_for_all() -> None:
    assert context_of(json.dumps(CHUNK)) == CONTEXT
    assert context_of('{"type": "error", "error": "Unauthorized"}') is None


def test_sound_words_and_the_end_are_read() -> None:
    words = Words(
        (
            TimedWord(text="Hello", start_time=0.0, end_time=0.4),
            TimedWord(text="world", start_time=0.5, end_time=0.9),
        )
    )

    assert read(TIMESTAMPS, CHUNK, FLUSH_DONE, DONE) == [
        words,
        b"\x00\x00\xff\x7f\x00\x80",
        SegmentEnd(),
    ]


def test_what_comes_after_an_early_end_is_timed_from_there() -> None:
    answer = Answer(sample_rate=6)  # a chunk is half a second
    for message in (TIMESTAMPS, CHUNK, DONE):
        answer.read(json.dumps(message), whole=False)

    [words] = answer.read(json.dumps(TIMESTAMPS), whole=True)
    assert isinstance(words, Words)
    assert [word.start_time for word in words.words] == [0.5, 1.0]
    assert answer.read(json.dumps(DONE), whole=True) == (SegmentEnd(),)


@pytest.mark.parametrize(
    ("told", "words", "status", "request_id"),
    [
        (
            {"error": "Invalid model", "status_code": 400, "context_id": CONTEXT},
            "Cartesia: Invalid model (status 400)",
            400,
            None,
        ),
        (
            {
                "title": "Concurrency limited",
                "message": "Too many requests.",
                "error_code": "concurrency_limited",
                "status_code": 429,
                "request_id": "r1",
            },
            "Cartesia: Concurrency limited: Too many requests. (status 429, request r1)",
            429,
            "r1",
        ),
        ({"error": "?"}, "Cartesia: ? (status -1)", -1, None),
    ],
)
def test_errors_are_those_of_the_service(
    told: dict[str, Any], words: str, status: int, request_id: str | None
) -> None:
    with pytest.raises(APIStatusError) as caught:
        read({"type": "error", "done": True, **told})

    error = caught.value
    assert (str(error), error.status_code, error.request_id) == (words, status, request_id)
    assert error.retryable == (status != 400)


@pytest.mark.parametrize(
    "message",
    [
        '{"type": "ch',
        "[]",
        "{}",
        '{"type": "chunk"}',
        '{"type": "chunk", "data": "?"}',
        '{"type": "timestamps"}',
        '{"type": "timestamps", "word_timestamps": {"words": [5], "start": [0], "end": [1]}}',
        '{"type": "timestamps", "word_timestamps": {"words": ["a"], "start": [], "end": [1]}}',
    ],
)
def test_a_malformed_message_is_no_answer(message: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        Answer(sample_rate=24_000).read(message, whole=True)
