"""All that a conversation has come to, and the questions it can answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents_core.turns.effects import AgentState, UserState
from agents_core.turns.events import Timer
from agents_core.turns.options import Detection, TurnOptions

# Scripts that put no space between words: each character counts for a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Something the agent says, is going to say, or is about to stop saying."""

    id: str
    interruptible: bool
    playing: bool = False
    interrupted: bool = False
    """It has been told to stop, and has not yet said that it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An interruption by a sound that may have been no speech."""

    paused: bool
    """The agent is held rather than stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A conversation between two events."""

    options: TurnOptions = field(default_factory=TurnOptions)
    now: float = 0.0
    started: bool = False
    draining: bool = False
    closed: bool = False

    speaking: bool = False
    """The user speaks."""
    away: bool = False
    heard: bool = False
    """The user made a sound since their last turn."""
    spoke_since: float = 0.0
    spoke_until: float = 0.0
    quiet_since: float = 0.0
    """When nobody has been speaking since."""

    finals: tuple[str, ...] = ()
    interim: str = ""
    preflight: str = ""
    worded_at: float = 0.0
    """When the last words came."""
    owed: bool = False
    """The turn before took interim words; their final belongs to it and is yet to come."""
    revision: int = 0
    """Counts the final transcripts."""
    asked: int | None = None
    """The revision the turn detector was last asked about."""
    finished: bool | None = None
    """What it said; None before it did."""
    commit_asked_at: float | None = None
    preemptive: str | None = None
    """What is being answered early."""

    speeches: tuple[Speech, ...] = ()
    doubt: Doubt | None = None
    timers: tuple[tuple[Timer, float], ...] = ()
    """Those that run, with when they are due."""

    @property
    def words(self) -> str:
        """What the user has said in this turn, as far as it is known."""
        return " ".join((*self.finals, self.interim)).strip()

    @property
    def active(self) -> tuple[Speech, ...]:
        """The speeches that nobody has stopped."""
        return tuple(speech for speech in self.speeches if not speech.interrupted)

    @property
    def protected(self) -> bool:
        """Whether a speech is on that the user may not interrupt."""
        return any(not speech.interruptible for speech in self.active)

    @property
    def paused(self) -> bool:
        """Whether the agent's sound is held."""
        return self.doubt is not None and self.doubt.paused

    @property
    def discarding(self) -> bool:
        """Whether the user is not listened to."""
        options = self.options
        told = options.detection is Detection.MANUAL  # the application asked for every word of it
        wanted = options.discard_audio_if_uninterruptible and not told
        return wanted and self.protected and not self.closed

    @property
    def enough_words(self) -> bool:
        """Whether the user said enough to interrupt, as far as words matter."""
        needed = self.options.min_interruption_words if self.options.transcribed else 0
        return needed == 0 or count_words(self.words) >= needed

    @property
    def pending(self) -> bool:
        """Whether the user said something that no turn has taken yet."""
        return bool(self.words) or (self.heard and not self.options.transcribed)

    @property
    def blocked(self) -> bool:
        """Whether the user's turn has to wait until the agent has said what it says."""
        return self.protected or (bool(self.active) and not self.enough_words)

    @property
    def user_state(self) -> UserState:
        """For the application."""
        if self.speaking:
            return UserState.SPEAKING
        return UserState.AWAY if self.away else UserState.LISTENING

    @property
    def agent_state(self) -> AgentState:
        """For the application; never speaking without a speech that is heard."""
        if not self.started:
            return AgentState.IDLE if self.closed else AgentState.INITIALIZING
        if self.paused:
            return AgentState.LISTENING
        if any(speech.playing for speech in self.active):
            return AgentState.SPEAKING
        if self.active:
            return AgentState.THINKING
        return AgentState.IDLE if self.draining or self.closed else AgentState.LISTENING

    @property
    def quiet(self) -> bool:
        """Whether both sides wait for the other."""
        return not self.speaking and self.agent_state is AgentState.LISTENING

    @property
    def wanted_preemptive(self) -> str | None:
        """What ought to be answered early, if anything."""
        options = self.options
        wanted = options.preemptive_generation and options.transcribed and options.automatic
        settled = self.interim == self.preflight
        if not wanted or not settled or self.active or self.draining or self.closed:
            return None
        return self.words or None

    @property
    def endpointing_delay(self) -> float:
        """Seconds of silence after which the user's turn is over."""
        options = self.options
        unsure = bool(self.interim) or (options.detector and not self.finished)
        return options.max_endpointing_delay if unsure else options.min_endpointing_delay

    @property
    def endpointing(self) -> bool:
        """Whether the user's turn is over unless they go on."""
        silent = self.options.automatic and self.started and not self.speaking
        return silent and self.pending and not (self.blocked or self.draining or self.closed)

    @property
    def interrupting(self) -> bool:
        """Whether the user need only go on speaking to interrupt the agent."""
        speaking = self.options.automatic and self.speaking and not self.closed
        stoppable = bool(self.active) and not self.protected and not self.paused
        return speaking and stoppable and self.enough_words

    @property
    def awaiting_words(self) -> bool:
        """Whether the last words of the user's turn are still to come."""
        return self.options.transcribed and (bool(self.interim) or (self.heard and not self.finals))


def count_words(text: str) -> int:
    """How many words a person would count; each character, in scripts without spaces."""
    return len(_WORD.findall(text))
