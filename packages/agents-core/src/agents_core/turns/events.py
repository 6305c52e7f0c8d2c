"""What happens in a conversation, as values; each carries its time on one monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from agents_core.turns.options import TurnOptions


class Timer(StrEnum):
    """What the state machine may be waiting for; at most one timer of each kind runs."""

    ENDPOINT = "endpoint"
    """The user's turn is over, unless they go on."""
    INTERRUPTION = "interruption"
    """The user has spoken for long enough to interrupt."""
    FALSE_INTERRUPTION = "false interruption"
    """Nothing was said: the agent need not have stopped."""
    AWAY = "away"
    """Nobody has said anything for long."""
    TRANSCRIPT = "transcript"
    """The last words of a turn that the application ended are not coming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    at: float
    """Seconds, on the caller's monotonic clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(_Event):
    """The agent has entered and listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStarted(_Event):
    """The user began to speak."""

    ago: float = 0.0
    """Seconds that they have been speaking already: detection takes time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStopped(_Event):
    """The user stopped speaking."""

    ago: float = 0.0
    """Seconds that they have been silent already."""


class TranscriptKind(StrEnum):
    """How settled a transcript is."""

    INTERIM = "interim"
    """The next one replaces it."""
    PREFLIGHT = "preflight"
    """Like interim, and good enough to begin an answer to."""
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript(_Event):
    """Words of the user, as understood."""

    text: str
    kind: TranscriptKind = TranscriptKind.FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPredicted(_Event):
    """The turn detector's answer to one `AskDetector`."""

    revision: int
    """Of the question; an answer to an older one is ignored."""
    probability: float
    """That the user has finished."""
    threshold: float
    """From which on they count as having finished; it differs from language to language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(_Event):
    """A timer that an effect started is due."""

    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCreated(_Event):
    """The agent is going to say something: it thinks, or waits for its turn."""

    speech: str
    interruptible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechChanged(_Event):
    """A speech was made interruptible, or the contrary."""

    speech: str
    interruptible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackStarted(_Event):
    """A speech is heard."""

    speech: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackFinished(_Event):
    """A speech is not heard any more; it may go on, after a tool for instance."""

    speech: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechDone(_Event):
    """A speech is over, whether played to its end or not."""

    speech: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitAsked(_Event):
    """The application says that the user's turn is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAsked(_Event):
    """The application wants what the user said so far forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptAsked(_Event):
    """The application wants the agent to stop speaking."""

    force: bool = False
    """Even where a speech may not be interrupted."""
    speech: str | None = None
    """This one alone; all of them without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconfigured(_Event):
    """Another agent with other components has taken over."""

    options: TurnOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainAsked(_Event):
    """No further turn is answered; what is being said may be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAsked(_Event):
    """The conversation is over; nothing has an effect after this."""


Event: TypeAlias = (
    Started
    | UserStarted
    | UserStopped
    | Transcript
    | TurnPredicted
    | TimerFired
    | SpeechCreated
    | SpeechChanged
    | PlaybackStarted
    | PlaybackFinished
    | SpeechDone
    | CommitAsked
    | ClearAsked
    | InterruptAsked
    | Reconfigured
    | DrainAsked
    | CloseAsked
)
