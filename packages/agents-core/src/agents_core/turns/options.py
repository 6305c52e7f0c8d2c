"""What an application decides about taking turns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

_TIMES = (
    "min_interruption_duration",
    "min_endpointing_delay",
    "max_endpointing_delay",
    "transcript_timeout",
)
_TIMES_OR_NEVER = ("false_interruption_timeout", "user_away_timeout")


class Detection(StrEnum):
    """Who says that the user's turn has begun and ended."""

    VAD = "vad"
    """Voice activity; the transcript says what was said, and that something was."""
    STT = "stt"
    """The transcriber, which has an ear for the end of a sentence."""
    MANUAL = "manual"
    """The application, by `commit_user_turn`; the user interrupts nothing."""
    REALTIME = "realtime_llm"
    """The model on the other side; it answers by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOptions:
    """The rules of taking turns; times in seconds.

    Raises:
        ValueError: a time is negative or not finite, or the longest endpointing delay is shorter
            than the shortest.
    """

    detection: Detection = Detection.VAD
    transcribed: bool = True
    """A transcriber says what the user says; without one, a turn is sound alone."""
    detector: bool = False
    """A turn detector can be asked how likely the user has finished."""
    discard_audio_if_uninterruptible: bool = True
    """While the agent may not be interrupted, what the user says is not listened to."""
    min_interruption_duration: float = 0.5
    """How long the user must speak before that interrupts the agent."""
    min_interruption_words: int = 0
    """How many words the user must say before they interrupt; only with a transcript."""
    min_endpointing_delay: float = 0.5
    """Silence after which the turn of a user who seems to have finished is over."""
    max_endpointing_delay: float = 6.0
    """The same, of a user who seems to go on: see `detector`."""
    false_interruption_timeout: float | None = 2.0
    """Silence without a word after an interruption that shows it to have been none."""
    resume_false_interruption: bool = True
    """Go on after such a one, where the output can pause: see `can_pause`."""
    can_pause: bool = False
    """The sound of the agent can be held and go on where it was."""
    preemptive_generation: bool = False
    """Begin to answer what was understood before the turn is over."""
    user_away_timeout: float | None = 15.0
    """How long nobody says anything until the user counts as away."""
    transcript_timeout: float = 2.0
    """How long a turn that the application ends waits for its last words."""

    def __post_init__(self) -> None:
        for name in _TIMES:
            _check(name, getattr(self, name))
        for name in _TIMES_OR_NEVER:
            if getattr(self, name) is not None:
                _check(name, getattr(self, name))
        if self.min_interruption_words < 0:
            raise ValueError(f"min_interruption_words is negative: {self.min_interruption_words}")
        if self.max_endpointing_delay < self.min_endpointing_delay:
            raise ValueError("max_endpointing_delay is shorter than min_endpointing_delay")

    @property
    def automatic(self) -> bool:
        """Whether turns end here by what is heard, not by an application's or a model's word."""
        return self.detection in (Detection.VAD, Detection.STT)


def _check(name: str, seconds: float) -> None:
    if not (seconds >= 0 and math.isfinite(seconds)):
        raise ValueError(f"{name} must be finite and not negative: {seconds}")
