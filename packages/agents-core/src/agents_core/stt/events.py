"""What is heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from agents_core.timing import TimedWord


@dataclass(frozen=True, slots=True, kw_only=True)
class STTCapabilities:
    """What a speech-to-text service can do."""

    streaming: bool
    """Whether it listens while somebody speaks; else whole recordings alone."""
    interim_results: bool
    """Whether it tells what it has understood so far."""
    aligned_transcript: Literal["word", "chunk"] | None = None
    """What its times are about, where it tells them."""
    diarization: bool = False
    """Whether it tells who speaks."""


class SpeechEventType(StrEnum):
    """What happened."""

    START_OF_SPEECH = "start_of_speech"
    """Somebody began to speak; services without it begin with a transcript."""
    INTERIM_TRANSCRIPT = "interim_transcript"
    """What was understood so far; the next transcript replaces it."""
    PREFLIGHT_TRANSCRIPT = "preflight_transcript"
    """Likely to be final: a reply may be prepared, not said."""
    FINAL_TRANSCRIPT = "final_transcript"
    """Will not change any more."""
    END_OF_SPEECH = "end_of_speech"
    """Nobody speaks any more."""
    RECOGNITION_USAGE = "recognition_usage"
    """How much was recognised, by the service's own account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechData:
    """One understanding of what was said. Times are seconds since the first sound of the stream."""

    text: str
    language: str = ""
    """BCP 47, or what the service says; empty where it does not."""
    start_time: float = 0.0
    end_time: float = 0.0
    confidence: float = 1.0
    """From 0 to 1."""
    words: tuple[TimedWord, ...] = ()
    speaker_id: str | None = None

    def shifted(self, seconds: float) -> SpeechData:
        """The same, later; a service that tells no times goes on telling none."""
        if self.start_time == self.end_time == 0 and not self.words:
            return self
        return replace(
            self,
            start_time=self.start_time + seconds,
            end_time=self.end_time + seconds,
            words=tuple(word.shifted(seconds) for word in self.words),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionUsage:
    """What a service counted."""

    audio_duration: float
    """Seconds of sound since it last told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEvent:
    """Something that was heard."""

    type: SpeechEventType
    alternatives: tuple[SpeechData, ...] = ()
    """The best one first; none but with transcripts."""
    request_id: str = ""
    """By which the service knows the request."""
    usage: RecognitionUsage | None = None

    @property
    def text(self) -> str:
        """What the best alternative says; empty without one."""
        return self.alternatives[0].text if self.alternatives else ""

    def shifted(self, seconds: float) -> SpeechEvent:
        """The same, later."""
        if not (seconds and self.alternatives):
            return self
        return replace(
            self, alternatives=tuple(each.shifted(seconds) for each in self.alternatives)
        )
