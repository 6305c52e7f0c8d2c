"""A voice for tests that Silero's model takes for one: vowels, one after the other."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from functools import cache

import numpy as np
import pytest

from agents_core.audio import AudioFrame, Resampler, combine

_FORMANTS = np.array(
    [(730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240)]
)
"""Hertz, of five vowels."""
_RESONANCES = ((60, 1.0), (90, 0.5), (150, 0.25))
"""Width in hertz and strength of each formant."""
_SYLLABLE = 0.12
_PITCH = 105.0
_HIGHEST = 3600.0
_PEAK = 12_000


@cache
def vowels(seconds: float, *, sample_rate: int) -> AudioFrame:
    """Somebody who sings vowels without a pause, the same at every rate that can carry them."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    place = time / _SYLLABLE
    within = place - np.floor(place)
    formants = _FORMANTS[place.astype(int) % len(_FORMANTS)]
    pitch = _PITCH * (1 + 0.12 * np.sin(2 * np.pi * 2.3 * time))
    phase = 2 * np.pi * np.cumsum(pitch) / sample_rate
    sound = np.zeros_like(time)
    for harmonic in range(1, round(_HIGHEST / _PITCH)):
        frequency = harmonic * pitch
        loud = sum(
            strength / (1 + ((frequency - formants[:, at]) / width) ** 2)
            for at, (width, strength) in enumerate(_RESONANCES)
        )
        sound += np.where(frequency < _HIGHEST, loud, 0) * np.sin(harmonic * phase)
    between = np.exp(-((within / 0.12) ** 2)) + np.exp(-(((within - 1) / 0.12) ** 2))
    sound *= 1 - 0.9 * between
    samples = (sound / np.abs(sound).max() * _PEAK).astype("<i2")
    return AudioFrame(samples.tobytes(), sample_rate)


@cache
def espeak(text: str, *, sample_rate: int) -> AudioFrame:
    """`text`, read aloud by espeak-ng; the test is skipped where there is none."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed: nobody reads the text aloud")
    said = subprocess.run(
        [program, "--stdout", "-s", "150", text], capture_output=True, check=True, timeout=30
    ).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate = file.getframerate()
        sound = AudioFrame(file.readframes(-1), rate)
    resampler = Resampler(input_rate=rate, output_rate=sample_rate)
    return combine([*resampler.push(sound), *resampler.flush()])
