"""What Neuphonic is asked, and what its messages mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents_core.errors import APIStatusError
from agents_plugin_neuphonic._wire import (
    Piece,
    Voice,
    format_end,
    format_path,
    format_query,
    format_text,
    format_whole,
    read_piece,
)

EVENT = {
    "status_code": 200,
    "data": {"audio": "AAD/fwCA", "text": "Hello ", "sampling_rate": 22_050},
}
MESSAGE = {
    "version": "1.0.0",
    "timestamp": "2024-07-15T11:59:27.619054",
    "data": {"audio": "AAD/fwCA", "text": "Hello ", "stop": False, "context_id": "u1"},
}
STOP = {"data": {"audio": "", "text": "", "stop": True, "context_id": "u1"}}


def test_what_is_not_given_is_left_to_neuphonic() -> None:
    assert format_whole("Hello.", Voice()) == {
        "text": "Hello.",
        "model": "neu_hq",
        "lang_code": "en",
        "encoding": "pcm_linear",
        "sampling_rate": 22_050,
        "speed": 1.0,
    }


def test_every_option_has_the_name_that_neuphonic_gives_it() -> None:
    voice = Voice(model="neu_fast", voice_id="v 1", lang_code="es", speed=0.5, sample_rate=16_000)

    assert format_whole("Hola.", voice) == {
        "text": "Hola.",
        "model": "neu_fast",
        "voice_id": "v 1",
        "lang_code": "es",
        "encoding": "pcm_linear",
        "sampling_rate": 16_000,
        "speed": 0.5,
    }
    assert format_query(voice) == (
        "model=neu_fast&voice_id=v+1&lang_code=es&encoding=pcm_linear&sampling_rate=16000&speed=0.5"
    )


def test_the_language_is_in_the_path_and_cannot_leave_it() -> None:
    assert format_path(Voice(lang_code="es")) == "speak/es"
    assert format_path(Voice(lang_code="../x")) == "speak/..%2Fx"


def test_another_encoding_than_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="pcm_mulaw"):
        Voice(encoding="pcm_mulaw")


def test_text_cannot_end_an_utterance() -> None:
    assert format_text("Wait<STOP> here.", utterance="u1") == {
        "text": "Wait  here.",
        "context_id": "u1",
    }
    assert "<STOP>" not in str(format_text("<STO<STOP>P>", utterance="u1")["text"])
    assert format_end(utterance="u1") == {"text": "<STOP>", "context_id": "u1"}


@pytest.mark.parametrize(
    ("message", "piece"),
    [
        (EVENT, Piece(sound=b"\x00\x00\xff\x7f\x00\x80")),
        (MESSAGE, Piece(sound=b"\x00\x00\xff\x7f\x00\x80")),
        (STOP, Piece(last=True)),
        ({"data": {"text": "Hello "}}, Piece()),
    ],
)
def test_messages_bring_sound_and_the_end(message: dict[str, Any], piece: Piece) -> None:
    assert read_piece(json.dumps(message)) == piece
    assert read_piece(json.dumps(message), utterance="u1") == piece


def test_what_is_left_of_another_utterance_brings_nothing() -> None:
    assert read_piece(json.dumps(MESSAGE), utterance="u2") == Piece()
    assert read_piece(json.dumps(STOP), utterance="u2") == Piece()


@pytest.mark.parametrize(
    ("told", "words", "retryable"),
    [
        ({"status_code": 400, "errors": ["a", "b"]}, "Neuphonic: a, b (status 400)", False),
        ({"status_code": 429, "errors": "too many"}, "Neuphonic: too many (status 429)", True),
        ({"type": "error", "message": "?"}, "Neuphonic: ? (status -1)", True),
        ({"status_code": 500}, "Neuphonic: an error without a word (status 500)", True),
    ],
)
def test_errors_are_those_of_the_service(told: dict[str, Any], words: str, retryable: bool) -> None:
    with pytest.raises(APIStatusError) as caught:
        read_piece(json.dumps(told))

    assert (str(caught.value), caught.value.retryable) == (words, retryable)
    assert caught.value.body == told


@pytest.mark.parametrize(
    "message",
    [
        '{"status_code": 200, "da',
        "[]",
        "{}",
        '{"status_code": 200}',
        '{"status_code": "?", "data": {}}',
        '{"data": "?"}',
        '{"data": {"audio": "?"}}',
    ],
)
def test_a_malformed_message_is_no_answer(message: str) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        read_piece(message)
