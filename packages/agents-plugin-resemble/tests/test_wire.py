"""What Resemble is asked, and what its answers mean."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.errors import APIError, APIStatusError
from agents_plugin_resemble._wire import (
    Answer,
    Voice,
    format_sentence,
    format_text,
    read_whole,
)

RATE = 32_000
SOUND = b"\x00\x00\xff\x7f\x00\x80"
TIMESTAMPS = {
    "graph_chars": ["H", "e"],
    "graph_times": [[0.0374, 0.1247], [0.0873, 0.1746]],
    "phon_chars": ["h", "\u02c8e"],
    "phon_times": [[0.0374, 0.1247], [0.0873, 0.1746]],
}


def encoded(sound: bytes) -> str:
    return base64.b64encode(sound).decode()


def wav(sound: bytes, *, rate: int = RATE, channels: int = 1) -> str:
    return encoded(wav_bytes(AudioFrame(sound, rate, channels)))


def audio(request_id: int, content: str) -> str:
    return json.dumps(
        {
            "type": "audio",
            "audio_content": content,
            "audio_timestamps": TIMESTAMPS,
            "sample_rate": RATE,
            "request_id": request_id,
        }
    )


def audio_end(request_id: int) -> str:
    return json.dumps({"type": "audio_end", "request_id": request_id})


def whole(**fields: object) -> str:
    told = {
        "audio_content": wav(SOUND),
        "audio_timestamps": TIMESTAMPS,
        "duration": 1.68,
        "issues": [],
        "output_format": "wav",
        "sample_rate": RATE,
        "seed": 962692783,
        "success": True,
        "synth_duration": 1.64,
        "title": None,
    }
    return json.dumps({**told, **fields})


def test_what_is_not_given_is_left_to_resemble() -> None:
    assert format_text("Hello.", Voice()) == {
        "voice_uuid": "55592656",
        "data": "Hello.",
        "precision": "PCM_16",
        "sample_rate": 44_100,
        "output_format": "wav",
    }


def test_every_option_has_the_name_that_resemble_gives_it() -> None:
    voice = Voice(
        voice_uuid="v",
        model="chatterbox-turbo",
        project_uuid="p",
        use_hd=False,
        sample_rate=16_000,
    )

    assert format_sentence("Hello.", voice, request_id=3) == {
        "voice_uuid": "v",
        "data": "Hello.",
        "model": "chatterbox-turbo",
        "project_uuid": "p",
        "use_hd": False,
        "precision": "PCM_16",
        "sample_rate": 16_000,
        "output_format": "wav",
        "binary_response": False,
        "no_audio_header": True,
        "continue": True,
        "request_id": 3,
    }


def test_another_precision_than_can_be_played_is_refused() -> None:
    with pytest.raises(ValueError, match="PCM_32"):
        Voice(precision="PCM_32")


def test_a_whole_answer_is_its_samples_without_the_header() -> None:
    assert read_whole(whole(), sample_rate=RATE) == SOUND


def test_a_whole_answer_may_have_no_header() -> None:
    assert read_whole(whole(audio_content=encoded(SOUND)), sample_rate=RATE) == SOUND


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"issues": ["too long", "no such voice"]}, "Resemble: too long; no such voice"),
        ({"message": "Not now", "issues": None}, "Resemble: Not now"),
        ({}, "Resemble: a failure without a word"),
    ],
)
def test_a_failure_is_no_silence(told: dict[str, Any], words: str) -> None:
    with pytest.raises(APIError) as caught:
        read_whole(whole(success=False, audio_content=None, **told), sample_rate=RATE)

    assert str(caught.value) == words


def test_sentences_are_numbered_and_owed_until_they_end() -> None:
    answer = Answer(sample_rate=RATE)
    assert not answer.owed
    assert (answer.ask(), answer.ask()) == (0, 1)

    assert answer.read(audio(0, encoded(SOUND))) == SOUND
    assert answer.read(audio_end(0)) == b""
    assert answer.owed
    assert answer.read(audio_end(1)) == b""
    assert not answer.owed


def test_sound_that_comes_too_soon_waits_for_its_turn() -> None:
    answer = Answer(sample_rate=RATE)
    for _ in range(3):
        answer.ask()

    said = [
        answer.read(message)
        for message in (
            audio(1, encoded(b"c1")),
            audio(2, encoded(b"e1")),
            audio(0, encoded(b"a1")),
            audio_end(1),
            audio(0, encoded(b"b1")),
            audio_end(0),
            audio(2, encoded(b"f1")),
            audio_end(2),
        )
    ]

    assert said == [b"", b"", b"a1", b"", b"b1", b"c1e1", b"f1", b""]
    assert not answer.owed


def test_a_header_is_taken_off_each_sentence_wherever_it_is_cut() -> None:
    answer = Answer(sample_rate=RATE)
    for request_id in (answer.ask(), answer.ask()):
        data = wav_bytes(AudioFrame(SOUND, RATE, 1))
        cut = [data[at : at + 10] for at in range(0, len(data), 10)]
        said = b"".join(answer.read(audio(request_id, encoded(piece))) for piece in cut)
        assert said + answer.read(audio_end(request_id)) == SOUND


def test_sound_that_looked_like_a_header_is_not_lost() -> None:
    answer = Answer(sample_rate=RATE)
    answer.ask()

    assert answer.read(audio(0, encoded(b"RI"))) == b""
    assert answer.read(audio_end(0)) == b"RI"


def test_messages_of_other_kinds_bring_nothing() -> None:
    answer = Answer(sample_rate=RATE)
    answer.ask()

    assert answer.read('{"type": "hello"}') == b""
    assert answer.read(json.dumps({"audio_content": encoded(SOUND), "request_id": 0})) == SOUND


@pytest.mark.parametrize(
    ("told", "words", "retryable"),
    [
        (
            {
                "type": "error",
                "success": False,
                "error_name": "BadJSON",
                "error_params": {"explanation": "Provide your query in the 'data' field"},
                "message": "Invalid JSON",
                "status_code": 400,
            },
            "Resemble: BadJSON: Provide your query in the 'data' field (status 400)",
            False,
        ),
        (
            {
                "type": "error",
                "success": False,
                "error_name": "ConnectionFailure",
                "message": "Failed to establish a connection.",
                "status_code": 503,
            },
            "Resemble: ConnectionFailure: Failed to establish a connection. (status 503)",
            True,
        ),
        ({"success": False}, "Resemble: an error without a word (status -1)", True),
    ],
)
def test_errors_are_those_of_the_service(told: dict[str, Any], words: str, retryable: bool) -> None:
    with pytest.raises(APIStatusError) as caught:
        Answer(sample_rate=RATE).read(json.dumps(told))

    assert (str(caught.value), caught.value.retryable) == (words, retryable)
    assert caught.value.body == told


@pytest.mark.parametrize(
    "message",
    [
        '{"type": "au',
        "[]",
        '"audio"',
        '{"type": "audio", "request_id": 0}',
        audio(0, "?"),
        audio(0, wav(SOUND, rate=8000)),
        audio(0, wav(SOUND + SOUND, channels=2)),
        audio(7, encoded(SOUND)),
        audio_end(7),
    ],
)
def test_a_malformed_message_is_no_answer(message: str) -> None:
    answer = Answer(sample_rate=RATE)
    answer.ask()

    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        answer.read(message)


@pytest.mark.parametrize("body", ['{"success": tr', "[]", '{"success": true}', "{}"])
def test_a_malformed_body_is_no_answer(body: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        read_whole(body, sample_rate=RATE)
