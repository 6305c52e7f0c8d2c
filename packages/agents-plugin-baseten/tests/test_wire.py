"""What Baseten's deployments are asked, and what their answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents_core.errors import APIError
from agents_core.stt import SpeechEventType, TimedWord
from agents_plugin_baseten import models
from agents_plugin_baseten._wire.deployments import deployment_of, find_endpoint
from agents_plugin_baseten._wire.listening import (
    Chunks,
    Heard,
    Listening,
    format_metadata,
    parse_message,
)
from agents_plugin_baseten._wire.speaking import Voice, format_request, is_sound

# As documented, but for the word timestamps, which are documented as an option only.
TRANSCRIPT: dict[str, Any] = {
    "type": "transcription",
    "is_final": True,
    "transcription_num": 4,
    "language_code": "en",
    "language_prob": None,
    "audio_length_sec": 9.92,
    "segments": [
        {
            "text": " That's one small step for man,",
            "log_prob": -0.8644908666610718,
            "start_time": 0.5,
            "end_time": 4.0,
        },
        {
            "text": " one giant leap for mankind.",
            "log_prob": -0.5,
            "start_time": 4.2,
            "end_time": 9.92,
            "word_timestamps": [
                {"word": " one", "start_time": 4.2, "end_time": 4.5},
                {"word": " giant", "start_time": 4.5, "end_time": 5.0},
                {"word": "", "start_time": 5.0, "end_time": 5.0},
            ],
        },
    ],
}


def parse(told: object) -> Heard:
    return parse_message(json.dumps(told), language="de")


def test_what_is_not_given_is_left_to_the_deployment() -> None:
    assert format_metadata(Listening(), None) == {
        "streaming_vad_config": {
            "threshold": 0.5,
            "min_silence_duration_ms": 300,
            "speech_pad_ms": 30,
        },
        "streaming_params": {
            "encoding": "pcm_s16le",
            "sample_rate": 16_000,
            "enable_partial_transcripts": True,
        },
        "whisper_params": {"audio_language": "en", "show_word_timestamps": True},
    }


def test_every_option_has_the_name_that_baseten_gives_it() -> None:
    options = Listening(
        language="auto",
        language_options=("en", "de"),
        prompt="geese",
        sample_rate=8000,
        enable_partial_transcripts=False,
        partial_transcript_interval_s=0.25,
        final_transcript_max_duration_s=20,
        show_word_timestamps=False,
        vad_threshold=0.7,
        vad_min_silence_duration_ms=500,
        vad_speech_pad_ms=0,
    )

    assert format_metadata(options, "fr") == {
        "streaming_vad_config": {
            "threshold": 0.7,
            "min_silence_duration_ms": 500,
            "speech_pad_ms": 0,
        },
        "streaming_params": {
            "encoding": "pcm_s16le",
            "sample_rate": 8000,
            "enable_partial_transcripts": False,
            "partial_transcript_interval_s": 0.25,
            "final_transcript_max_duration_s": 20,
        },
        "whisper_params": {
            "audio_language": "fr",
            "show_word_timestamps": False,
            "language_options": ["en", "de"],
            "prompt": "geese",
        },
    }


def test_sound_goes_in_chunks_of_512_samples() -> None:
    chunks = Chunks(sample_rate=16_000)

    assert chunks.push(b"a" * 1000) == ()
    assert chunks.push(b"b" * 1100) == (b"a" * 1000 + b"b" * 24, b"b" * 1024)
    assert chunks.rest() == (b"b" * 52 + bytes(972),)
    assert chunks.rest() == ()
    assert chunks.push(b"c" * 1024) == (b"c" * 1024,)


def test_a_transcript_has_segments_and_words_with_times() -> None:
    [event] = parse(TRANSCRIPT).events
    [data] = event.alternatives

    assert event.type == SpeechEventType.FINAL_TRANSCRIPT
    assert data.text == "That's one small step for man, one giant leap for mankind."
    assert (data.language, data.start_time, data.end_time) == ("en", 0.5, 9.92)
    assert data.words == (
        TimedWord(text="That's one small step for man,", start_time=0.5, end_time=4.0),
        TimedWord(text="one", start_time=4.2, end_time=4.5),
        TimedWord(text="giant", start_time=4.5, end_time=5.0),
    )


def test_a_transcript_may_be_partial_and_tell_less() -> None:
    told = {"is_final": False, "transcript": " One", "segments": [], "confidence": 0.5}
    [event] = parse(told).events
    [data] = event.alternatives

    assert event.type == SpeechEventType.INTERIM_TRANSCRIPT
    assert (data.text, data.language, data.confidence, data.words) == ("One", "de", 0.5, ())
    assert parse({"segments": []}).events == ()


def test_only_the_last_word_about_the_end_is_the_end() -> None:
    assert parse({"type": "end_audio", "body": {"status": "acknowledged"}}) == Heard()
    assert parse({"type": "end_audio", "body": {"status": "finished"}}) == Heard(over=True)
    assert parse({"type": "of a later version"}) == Heard()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"type": "error", "body": "out of memory"}, "out of memory"),
        ({"type": "error", "message": "no such language"}, "no such language"),
        ({"type": "error"}, "without a word"),
    ],
)
def test_an_error_is_raised(told: dict[str, object], words: str) -> None:
    with pytest.raises(APIError, match=words) as caught:
        parse(told)
    assert caught.value.body == told


@pytest.mark.parametrize(
    "message", ['{"type": "transcription"}', '{"type": "end_audio"}', "[", b"\xff"]
)
def test_a_malformed_message_is_told_by_what_it_lacks(message: str | bytes) -> None:
    with pytest.raises((LookupError, ValueError)):
        parse_message(message, language="")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 5),
        ("start_time", None),
        ("end_time", "soon"),
        ("word_timestamps", [{"word": 5, "start_time": 0, "end_time": 1}]),
        ("word_timestamps", [{"word": "One", "start_time": None, "end_time": 1}]),
        ("word_timestamps", [{"word": "One", "start_time": 0, "end_time": []}]),
    ],
)
def test_what_is_of_another_kind_than_it_should_be_is_malformed(name: str, value: object) -> None:
    segment = {"text": "One", "start_time": 0, "end_time": 1, name: value}

    with pytest.raises((AttributeError, TypeError, ValueError)):
        parse({"segments": [segment]})
    with pytest.raises(TypeError):
        parse({"segments": [], "transcript": "One", "confidence": None})


def test_a_voice_is_asked_by_baseten_s_names() -> None:
    assert format_request("Hello.", Voice()) == {
        "prompt": "Hello.",
        "voice": "tara",
        "language": "en",
        "temperature": 0.6,
    }
    voice = Voice(voice="leo", language="de", temperature=0.0, max_tokens=900)
    assert format_request("Hello.", voice) == {
        "prompt": "Hello.",
        "voice": "leo",
        "language": "de",
        "temperature": 0.0,
        "max_tokens": 900,
    }


@pytest.mark.parametrize(
    ("kind", "sound"),
    [
        ("audio/pcm", True),
        ("application/octet-stream", True),
        ("application/json", False),
        ("text/html", False),
    ],
)
def test_a_message_is_no_sound(kind: str, sound: bool) -> None:
    assert is_sound(kind) == sound


def test_an_endpoint_goes_before_a_model_and_a_model_before_a_chain() -> None:
    model = models.STT_MODEL_ENDPOINT.replace("{id}", "b")
    chain = models.STT_CHAIN_ENDPOINT.replace("{id}", "c")

    assert find_endpoint("wss://a.example", model_id="b", chain_id="c") == "wss://a.example"
    assert find_endpoint(None, model_id="b", chain_id="c") == model
    assert find_endpoint(None, chain_id="c") == chain
    assert find_endpoint(None) == ""


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [
        ("https://model-abc.api.example/predict", "model-abc"),
        ("wss://chain-abc.api.example/websocket", "chain-abc"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
        ("", ""),
    ],
)
def test_a_deployment_has_a_name(endpoint: str, name: str) -> None:
    assert deployment_of(endpoint) == name
