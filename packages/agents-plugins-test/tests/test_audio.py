from __future__ import annotations

import hashlib
import itertools
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_plugins_test import is_silent, loudness, silence, tone


def test_a_tone_lasts_as_long_as_it_was_asked_to() -> None:
    assert len(tone(seconds=0.25, sample_rate=24_000)) == 2 * 6_000


def test_a_tone_is_the_same_on_every_machine() -> None:
    digest = hashlib.sha256(tone(seconds=1)).hexdigest()

    assert digest == "89e29addd71ce15aca71f595637ace4841f85ffc033ae8f7748fb0e9af964ca9"


@pytest.mark.parametrize("frequency", [50, 440, 3_999])
def test_a_tone_crosses_zero_upwards_once_a_period(frequency: int) -> None:
    samples = struct.unpack("<16000h", tone(seconds=1, frequency=frequency))
    crossings = sum(before < 0 <= after for before, after in itertools.pairwise(samples))

    assert abs(crossings - frequency) <= 1


@pytest.mark.property
@given(amplitude=st.floats(min_value=0.01, max_value=1))
def test_the_loudness_of_a_sine_is_its_peak_over_the_root_of_two(amplitude: float) -> None:
    measured = loudness(tone(seconds=0.1, frequency=100, amplitude=amplitude))

    assert math.isclose(measured, amplitude / math.sqrt(2), rel_tol=0.01)


@pytest.mark.property
@given(pcm=st.binary(max_size=64).filter(lambda pcm: len(pcm) % 2 == 0))
def test_loudness_is_between_nothing_and_full_scale(pcm: bytes) -> None:
    assert 0 <= loudness(pcm) <= 1


def test_silence_is_silent_and_a_quiet_tone_is_not() -> None:
    assert is_silent(silence(seconds=0.1))
    assert is_silent(b"")
    assert not is_silent(tone(seconds=0.1, amplitude=0.01))


def test_the_threshold_of_silence_is_the_caller_s() -> None:
    murmur = tone(seconds=0.1, amplitude=0.01)

    assert is_silent(murmur, below=0.1)


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes"):
        loudness(b"\x00\x00\x00")


@pytest.mark.parametrize(
    ("impossible", "problem"),
    [
        pytest.param({"amplitude": 1.5}, "not between 0 and 1", id="louder-than-full-scale"),
        pytest.param({"frequency": 8_000}, "not below half", id="half-the-sample-rate"),
        pytest.param({"seconds": -1}, "no length of audio", id="shorter-than-nothing"),
    ],
)
def test_a_tone_that_samples_cannot_hold_is_refused(
    impossible: dict[str, float], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        tone(**{"seconds": 1, **impossible})  # type: ignore[arg-type]  # sample_rate is not among them
