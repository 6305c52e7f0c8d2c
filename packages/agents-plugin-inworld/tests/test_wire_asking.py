"""What Inworld is asked."""

from __future__ import annotations

import pytest

from agents_plugin_inworld._wire.asking import (
    Options,
    check_encoding,
    format_close,
    format_create,
    format_texts,
    format_whole,
)
from agents_plugin_inworld._wire.voices import voices_filter


def test_what_is_not_given_is_left_to_inworld() -> None:
    common = {
        "voiceId": "Ashley",
        "modelId": "inworld-tts-1",
        "audioConfig": {
            "audioEncoding": "LINEAR16",
            "bitrate": 64_000,
            "sampleRateHertz": 24_000,
            "speakingRate": 1.0,
        },
        "temperature": 1.1,
    }
    assert format_whole("Hi.", Options()) == {"text": "Hi.", **common}
    assert format_create("c", Options()) == {
        "create": {**common, "autoMode": True},
        "contextId": "c",
    }


def test_every_option_has_the_name_that_inworld_gives_it() -> None:
    options = Options(
        voice="Hans",
        model="inworld-tts-1-max",
        encoding="PCM",
        bit_rate=None,
        sample_rate=16_000,
        speaking_rate=0.5,
        temperature=0.0,
        timestamp_type="WORD",
        timestamp_transport_strategy="ASYNC",
        text_normalization="ON",
        language="de-DE",
        delivery_mode="CREATIVE",
        buffer_char_threshold=0,
        max_buffer_delay_ms=0,
        auto_mode=False,
    )
    common = {
        "voiceId": "Hans",
        "modelId": "inworld-tts-1-max",
        "audioConfig": {"audioEncoding": "PCM", "sampleRateHertz": 16_000, "speakingRate": 0.5},
        "temperature": 0.0,
        "timestampType": "WORD",
        "timestampTransportStrategy": "ASYNC",
        "applyTextNormalization": "ON",
        "language": "de-DE",
        "deliveryMode": "CREATIVE",
    }
    assert format_whole("Hi.", options) == {"text": "Hi.", **common}
    buffering = {"bufferCharThreshold": 0, "maxBufferDelayMs": 0, "autoMode": False}
    assert format_create("c", options) == {"create": {**common, **buffering}, "contextId": "c"}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hi. ", ["Hi. "]),
        ("a" * 1000, ["a" * 1000]),
        ("a" * 1001, ["a" * 1000, "a"]),
        ("ab " * 400, ["ab " * 333, "ab " * 67]),
        ("", []),
    ],
)
def test_a_message_has_a_thousand_characters_at_most(text: str, pieces: list[str]) -> None:
    assert [*format_texts(text, "c")] == [
        {"send_text": {"text": piece}, "contextId": "c"} for piece in pieces
    ]


def test_a_context_is_closed_by_its_name() -> None:
    assert format_close("c") == {"close_context": {}, "contextId": "c"}


def test_samples_alone_are_sound_here() -> None:
    check_encoding("LINEAR16")
    check_encoding("PCM")
    with pytest.raises(ValueError, match="MP3"):
        check_encoding("MP3")


def test_voices_are_filtered_by_language() -> None:
    assert voices_filter(None) == {}
    assert voices_filter("de") == {"filter": "language=de"}
