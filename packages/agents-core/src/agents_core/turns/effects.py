"""What is to be done about what happened, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from agents_core.turns.events import Timer


class AgentState(StrEnum):
    """What the agent is doing."""

    INITIALIZING = "initializing"
    IDLE = "idle"
    """It does not answer any more."""
    LISTENING = "listening"
    THINKING = "thinking"
    """A speech is being made or waits for its turn, and nothing is heard yet."""
    SPEAKING = "speaking"


class UserState(StrEnum):
    """What the user is doing."""

    SPEAKING = "speaking"
    LISTENING = "listening"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Send `TimerFired` at `due`; a timer of this kind that already runs is replaced."""

    timer: Timer
    due: float
    """On the clock of the events; it may have passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    """Forget a timer that runs."""

    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupt:
    """Stop a speech at once and for good."""

    speech: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Hold the sound of the agent where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Let the sound of the agent go on: what was held, or the next thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseInterruption:
    """The agent stopped for a user who said nothing."""

    resumed: bool
    """Whether it has gone on; else an application may want to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitTurn:
    """The user's turn is over: answer it."""

    transcript: str
    """Empty where nothing transcribes."""
    preemptive: bool
    """Whether the answer that was begun early is an answer to exactly this."""
    end_of_utterance_delay: float
    """Seconds since the user stopped speaking."""
    transcription_delay: float
    """Seconds from then to the last words of the transcript."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepTurn:
    """Write down what the user said; nobody will answer it."""

    transcript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCleared:
    """What the user said is forgotten, as asked."""

    transcript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPreemptive:
    """Begin to answer this, and say nothing yet."""

    transcript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPreemptive:
    """Throw the answer that was begun away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDetector:
    """Ask the turn detector; answer with `TurnPredicted`."""

    revision: int
    transcript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardAudio:
    """Stop listening to the user, or listen again."""

    discard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStateChanged:
    """For the application."""

    old: UserState
    new: UserState


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChanged:
    """For the application."""

    old: AgentState
    new: AgentState


Effect: TypeAlias = (
    StartTimer
    | CancelTimer
    | Interrupt
    | Pause
    | Resume
    | FalseInterruption
    | CommitTurn
    | KeepTurn
    | TurnCleared
    | StartPreemptive
    | CancelPreemptive
    | AskDetector
    | DiscardAudio
    | UserStateChanged
    | AgentStateChanged
)
