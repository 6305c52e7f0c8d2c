"""A mouth for ears that understand people only: espeak-ng."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

from agents_core.audio import AudioFrame, Resampler, WavReader, combine
from agents_core.testing.suite import skip

_PROGRAM = "espeak-ng"
_WORDS_A_MINUTE = "140"
_LONGEST = 30.0
"""Seconds that a text may take to be synthesised."""


def speak(text: str, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
    """`text`, read aloud; the test is skipped where there is no espeak-ng."""
    program = shutil.which(_PROGRAM)
    if program is None:
        skip(f"{_PROGRAM} is not installed: nobody reads the text aloud")
    return _spoken(program, text, sample_rate, num_channels)


@lru_cache(maxsize=64)
def _spoken(program: str, text: str, sample_rate: int, num_channels: int) -> AudioFrame:
    said = subprocess.run(  # noqa: S603 - our own arguments; the text is its input
        [program, "--stdout", "-s", _WORDS_A_MINUTE],
        input=text.encode(),
        capture_output=True,
        timeout=_LONGEST,
        check=True,
    )
    reader = WavReader()
    samples = reader.push(said.stdout) + reader.flush()
    rate = reader.sample_rate or sample_rate
    resampler = Resampler(input_rate=rate, output_rate=sample_rate)
    spoken = combine([*resampler.push(AudioFrame(samples, rate)), *resampler.flush()])
    return _in_all_channels(spoken, num_channels)


def _in_all_channels(sound: AudioFrame, num_channels: int) -> AudioFrame:
    data = sound.data
    pairs = (data[start : start + 2] * num_channels for start in range(0, len(data), 2))
    return AudioFrame(b"".join(pairs), sound.sample_rate, num_channels)
