"""Tones that a test can read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.audio import AudioFrame, Resampler, combine, silence
from agents_core.testing.feeding import cut_sound, cut_text
from agents_core.testing.tones import SECONDS_PER_BYTE, ToneReader, read, speak, spell

RATES = (8000, 11025, 16000, 22050, 24000, 44100, 48000)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@pytest.mark.property
@given(text=TEXT, rate=st.sampled_from(RATES), channels=st.integers(1, 2))
def test_what_is_spelled_is_read(text: str, rate: int, channels: int) -> None:
    [heard] = read([speak(text, sample_rate=rate, num_channels=channels)])

    assert heard.text == text
    assert heard.start_time == pytest.approx(0, abs=0.001)
    assert heard.end_time == pytest.approx(len(text.encode()) * SECONDS_PER_BYTE, abs=0.001)


@pytest.mark.property
@given(text=TEXT, samples=st.integers(1, 900), lead=st.floats(0, 0.3))
def test_the_cut_of_frames_does_not_matter(text: str, samples: int, lead: float) -> None:
    quiet = silence(lead, sample_rate=16000)
    sound = combine([quiet, speak(text, sample_rate=16000)])

    assert read(cut_sound(sound, samples=samples)) == read([sound])


@pytest.mark.property
@given(text=TEXT, rate=st.sampled_from(RATES))
def test_the_tones_of_two_texts_are_those_of_the_whole(text: str, rate: int) -> None:
    half = len(text) // 2
    parts = [spell(part, sample_rate=rate) for part in (text[:half], text[half:])]

    [heard] = read([*parts, silence(0.1, sample_rate=rate)])

    assert heard.text == text


@pytest.mark.parametrize("rate", RATES)
def test_they_survive_a_resampler(rate: int) -> None:
    resampler = Resampler(input_rate=rate, output_rate=16000)
    sound = combine([silence(0.1, sample_rate=rate), speak("Grüße, 你好!", sample_rate=rate)])
    frames = [
        *(out for frame in cut_sound(sound, samples=441) for out in resampler.push(frame)),
        *resampler.flush(),
    ]

    [heard] = read(frames)

    assert heard.text == "Grüße, 你好!"
    assert heard.start_time == pytest.approx(0.1, abs=0.01)


def test_silence_parts_what_is_said() -> None:
    quiet = silence(0.1, sample_rate=16000)
    words = [speak(word, sample_rate=16000) for word in ("one", "two")]

    heard = read([quiet, words[0], quiet, words[1], quiet])

    assert [each.text for each in heard] == ["one", "two"]
    assert heard[0].end_time < heard[1].start_time


def test_what_goes_on_can_be_read_before_it_ends() -> None:
    reader = ToneReader(16000)
    reader.push(spell("hel", sample_rate=16000))

    assert reader.text == "hel"
    assert reader.take() == ()
    assert [heard.text for heard in reader.end()] == ["hel"]
    assert reader.text == ""


@pytest.mark.parametrize(
    "sound",
    [[], [silence(1.0, sample_rate=16000)], [AudioFrame(b"", 16000)]],
    ids=["no frames", "silence", "an empty frame"],
)
def test_in_silence_there_is_nothing_to_read(sound: list[AudioFrame]) -> None:
    assert read(sound) == ()


def test_a_click_is_no_text() -> None:
    click = AudioFrame(b"\x00\x40" + bytes(1598), 16000)

    assert read([click, speak("word", sample_rate=16000)])[-1].text == "word"


def test_a_spoken_text_is_no_whole_number_of_frames() -> None:
    for rate in RATES:
        length = speak("abc", sample_rate=rate).samples_per_channel
        assert all(length % (rate * ms // 1000) for ms in (10, 20, 50, 100))


@pytest.mark.property
@given(text=st.text(max_size=60))
def test_text_is_cut_without_loss(text: str) -> None:
    assert "".join(cut_text(text)) == text
