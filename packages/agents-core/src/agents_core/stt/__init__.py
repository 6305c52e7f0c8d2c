"""Speech to text: the port, its stream, and what they answer."""

from __future__ import annotations

from agents_core.stt.events import (
    RecognitionUsage,
    SpeechData,
    SpeechEvent,
    SpeechEventType,
    STTCapabilities,
)
from agents_core.stt.port import STT
from agents_core.stt.stream import SpeechStream
from agents_core.timing import TimedWord

__all__ = [
    "STT",
    "RecognitionUsage",
    "STTCapabilities",
    "SpeechData",
    "SpeechEvent",
    "SpeechEventType",
    "SpeechStream",
    "TimedWord",
]
