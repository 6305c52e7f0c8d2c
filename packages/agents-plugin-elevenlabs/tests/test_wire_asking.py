"""What ElevenLabs is asked."""

from __future__ import annotations

import pytest

from agents_plugin_elevenlabs._wire.asking import (
    Options,
    PronunciationDictionaryLocator,
    VoiceSettings,
    format_beginning,
    format_close,
    format_text,
    format_whole,
    sample_rate_of,
    socket_path,
    whole_path,
)
from agents_plugin_elevenlabs._wire.markup import Markup

VOICE = "bIHbv24MWmeRgasZH58o"
FULL = Options(
    voice_id="mine/../yours",
    model="eleven_flash_v2_5",
    encoding="pcm_44100",
    language="de",
    voice_settings=VoiceSettings(
        stability=0.5, similarity_boost=0.0, style=0.2, use_speaker_boost=False
    ),
    streaming_latency=0,
    inactivity_timeout=20,
    auto_mode=False,
    apply_text_normalization="off",
    enable_ssml_parsing=True,
    enable_logging=False,
    chunk_length_schedule=(50, 500),
    sync_alignment=False,
    pronunciation_dictionary_locators=(
        PronunciationDictionaryLocator(pronunciation_dictionary_id="d", version_id="v"),
    ),
)
MANNER = {
    "voice_settings": {
        "stability": 0.5,
        "similarity_boost": 0.0,
        "style": 0.2,
        "use_speaker_boost": False,
    },
    "pronunciation_dictionary_locators": [{"pronunciation_dictionary_id": "d", "version_id": "v"}],
}


def test_what_is_not_given_is_left_to_elevenlabs() -> None:
    options = Options()
    assert whole_path(options) == (
        f"/text-to-speech/{VOICE}/stream/with-timestamps?output_format=pcm_22050"
    )
    assert socket_path(options) == (
        f"/text-to-speech/{VOICE}/multi-stream-input?model_id=eleven_turbo_v2_5"
        "&output_format=pcm_22050&inactivity_timeout=180&auto_mode=true&sync_alignment=true"
    )
    assert format_whole("Hi.", options) == {"text": "Hi.", "model_id": "eleven_turbo_v2_5"}
    assert format_beginning("c", options) == {"text": " ", "context_id": "c"}


def test_every_option_has_the_name_that_elevenlabs_gives_it() -> None:
    assert whole_path(FULL) == (
        "/text-to-speech/mine%2F..%2Fyours/stream"
        "?output_format=pcm_44100&optimize_streaming_latency=0&enable_logging=false"
    )
    assert socket_path(FULL) == (
        "/text-to-speech/mine%2F..%2Fyours/multi-stream-input?model_id=eleven_flash_v2_5"
        "&output_format=pcm_44100&language_code=de&optimize_streaming_latency=0"
        "&inactivity_timeout=20&auto_mode=false&apply_text_normalization=off"
        "&enable_ssml_parsing=true&enable_logging=false&sync_alignment=false"
    )
    assert format_whole("Hi.", FULL) == {
        "text": "Hi.",
        "model_id": "eleven_flash_v2_5",
        "language_code": "de",
        "apply_text_normalization": "off",
        **MANNER,
    }
    assert format_beginning("c", FULL) == {
        "text": " ",
        "context_id": "c",
        "generation_config": {"chunk_length_schedule": [50, 500]},
        **MANNER,
    }


@pytest.mark.parametrize(
    ("options", "at_once"),
    [
        (Options(), True),
        (Options(chunk_length_schedule=(50,)), False),
        (Options(auto_mode=False), False),
        (Options(auto_mode=True, chunk_length_schedule=(50,)), True),
    ],
)
def test_text_is_spoken_at_once_unless_it_is_to_wait(options: Options, *, at_once: bool) -> None:
    assert options.speaks_at_once is at_once


@pytest.mark.parametrize("text", ["Hi.", "Hi. ", "Hi.\n\n"])
def test_every_text_ends_with_one_space(text: str) -> None:
    assert format_text(text, "c", last=False) == {"text": "Hi. ", "context_id": "c"}
    assert format_text(text, "c", last=True) == {"text": "Hi. ", "context_id": "c", "flush": True}


def test_a_segment_of_which_nothing_is_left_is_flushed_with_a_space() -> None:
    assert format_text("", "c", last=True) == {"text": " ", "context_id": "c", "flush": True}
    assert format_close("c") == {"context_id": "c", "close_context": True}


def test_samples_alone_are_sound_here() -> None:
    assert sample_rate_of("pcm_8000") == 8000
    for encoding in ("mp3_44100_128", "ulaw_8000", "pcm_", "opus_48000_32"):
        with pytest.raises(ValueError, match="no encoding of samples"):
            sample_rate_of(encoding)


@pytest.mark.parametrize(
    ("pieces", "sent"),
    [
        (["A", "b."], ["A", "b."]),
        (["Wait", '<break time="1.5s" />', "now."], ["Wait", '<break time="1.5s" />', "now."]),
        (["A", "<break", 'time="1s"/>', "b."], ["A", '<break time="1s"/>', "b."]),
        (["<a>One", "<b>two", "3</b>", "4</a>.", "5."], ["<a>One <b>two 3</b> 4</a>.", "5."]),
        (["3 < 4", "and 5 <", "6"], ["3 < 4", "and 5 <", "6"]),
    ],
)
def test_what_is_in_a_tag_is_sent_with_the_whole_of_it(pieces: list[str], sent: list[str]) -> None:
    markup = Markup()
    assert [whole for piece in pieces if (whole := markup.push(piece))] == sent
    assert markup.flush() == ""


def test_a_tag_that_is_never_closed_is_sent_as_it_is() -> None:
    markup = Markup()
    assert markup.push("<phoneme>bee") == ""
    assert markup.flush() == "<phoneme>bee"
    assert markup.push("next") == "next"
