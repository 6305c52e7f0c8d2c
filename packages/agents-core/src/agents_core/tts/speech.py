"""What is said."""

from __future__ import annotations

from dataclasses import dataclass

from agents_core.audio import AudioFrame
from agents_core.timing import TimedWord


@dataclass(frozen=True, slots=True, kw_only=True)
class TTSCapabilities:
    """What a text-to-speech service can do."""

    streaming: bool
    """Whether it takes text piece by piece; else whole texts alone."""
    aligned_transcript: bool = False
    """Whether it tells when each word is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesizedAudio:
    """A stretch of speech."""

    frame: AudioFrame
    """Up to 0.2 s."""
    request_id: str
    """By which the service knows the request; made up where it has no such thing."""
    segment_id: str = ""
    """The same for all of what was pushed between two flushes."""
    is_final: bool = False
    """Whether the segment ends with it."""
    delta_text: str = ""
    """The text that begins to be spoken here, where the service tells."""
    words: tuple[TimedWord, ...] = ()
    """Words whose times became known with it: seconds since the beginning of the segment."""
