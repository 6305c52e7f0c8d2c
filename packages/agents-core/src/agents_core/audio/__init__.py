"""Sound: frames of 16-bit samples, and what is cut, resampled and read into them."""

from __future__ import annotations

from agents_core.audio.cutting import FrameCutter
from agents_core.audio.frames import AudioFrame, combine, silence
from agents_core.audio.resampling import MonoResampler, Resampler, mono
from agents_core.audio.wav import WavReader, wav_bytes

__all__ = [
    "AudioFrame",
    "FrameCutter",
    "MonoResampler",
    "Resampler",
    "WavReader",
    "combine",
    "mono",
    "silence",
    "wav_bytes",
]
