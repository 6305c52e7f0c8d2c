"""Text to speech: the port, its streams, and what they say."""

from __future__ import annotations

from agents_core.timing import TimedWord
from agents_core.tts.parts import RequestId, SegmentEnd, Spoken, TTSPart, Words
from agents_core.tts.port import TTS
from agents_core.tts.speech import SynthesizedAudio, TTSCapabilities
from agents_core.tts.stream import ChunkedStream, SynthesizeStream

__all__ = [
    "TTS",
    "ChunkedStream",
    "RequestId",
    "SegmentEnd",
    "Spoken",
    "SynthesizeStream",
    "SynthesizedAudio",
    "TTSCapabilities",
    "TTSPart",
    "TimedWord",
    "Words",
]
