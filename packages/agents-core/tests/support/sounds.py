"""Tones, and how to tell them from each other."""

from __future__ import annotations

import numpy as np

from agents_core.audio import AudioFrame


def tone(hertz: float, seconds: float, *, sample_rate: int = 24_000) -> AudioFrame:
    """A sine, at a quarter of full volume."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    samples = 8000 * np.sin(2 * np.pi * hertz * time)
    return AudioFrame(samples.astype("<i2").tobytes(), sample_rate)


def pitch(frame: AudioFrame) -> float:
    """The strongest frequency in a frame, in Hz."""
    samples = np.frombuffer(frame.data, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum)) * frame.sample_rate / len(samples)


def pieces(frame: AudioFrame, seconds: float = 0.02) -> list[AudioFrame]:
    """The same in short frames."""
    size = 2 * round(seconds * frame.sample_rate)
    parts = [frame.data[at : at + size] for at in range(0, len(frame.data), size)]
    return [AudioFrame(part, frame.sample_rate) for part in parts]
