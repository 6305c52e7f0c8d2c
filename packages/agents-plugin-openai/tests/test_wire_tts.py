"""What speech is asked for, and which answers are sound."""

from __future__ import annotations

import pytest

from agents_core.audio import WavReader, silence, wav_bytes
from agents_plugin_openai._wire.tts import Voice, format_speech, samples


def test_what_is_not_given_is_left_to_the_service() -> None:
    assert format_speech("Hello.", Voice(model="m")) == {
        "input": "Hello.",
        "model": "m",
        "voice": "alloy",
        "response_format": "pcm",
    }


def test_every_option_has_its_field() -> None:
    voice = Voice(
        model="m",
        voice={"id": "mine"},
        speed=0.9,
        instructions="Whisper.",
        response_format="wav",
        extra_body={"seed": 1, "speed": None},
    )

    assert format_speech("Hello.", voice) == {
        "input": "Hello.",
        "model": "m",
        "voice": {"id": "mine"},
        "response_format": "wav",
        "instructions": "Whisper.",
        "seed": 1,
    }


def test_what_is_compressed_is_refused() -> None:
    with pytest.raises(ValueError, match="'mp3' is none of pcm, wav"):
        Voice(model="m", response_format="mp3")


def test_a_header_is_taken_off_however_it_is_cut() -> None:
    sound = silence(0.1, sample_rate=24_000)
    reader = WavReader()
    file = wav_bytes(sound)

    heard = [samples(reader, file[at : at + 7]) for at in range(0, len(file), 7)]
    assert b"".join(heard) == sound.data


def test_samples_without_a_header_are_sound() -> None:
    assert samples(WavReader(), b"\1\2\3") == b"\1\2\3"


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (24_000, 2)])
def test_sound_of_another_kind_is_refused(rate: int, channels: int) -> None:
    with pytest.raises(ValueError, match=f"{channels} channels of {rate}"):
        samples(WavReader(), wav_bytes(silence(0.1, sample_rate=rate, num_channels=channels)))
