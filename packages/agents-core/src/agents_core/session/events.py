"""What a session tells its application."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from agents_core.chat import ChatItem, FunctionCall, FunctionCallOutput
from agents_core.turns.effects import AgentState, UserState

if TYPE_CHECKING:
    from agents_core.session.speech import SpeechHandle

SpeechSource: TypeAlias = Literal["say", "generate_reply", "realtime"]
SessionEvent: TypeAlias = Literal[
    "user_input_transcribed",
    "agent_state_changed",
    "user_state_changed",
    "conversation_item_added",
    "function_tools_executed",
    "metrics_collected",
    "speech_created",
    "agent_false_interruption",
    "error",
    "close",
]


class CloseReason(StrEnum):
    """Why a session is over."""

    ERROR = "error"
    JOB_SHUTDOWN = "job_shutdown"
    PARTICIPANT_DISCONNECTED = "participant_disconnected"
    USER_INITIATED = "user_initiated"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SessionEvent:
    created_at: float = field(default_factory=time.time)
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInputTranscribedEvent(_SessionEvent):
    """The user was understood."""

    transcript: str
    is_final: bool
    """Whether the next one replaces it."""
    language: str = ""
    speaker_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateChangedEvent(_SessionEvent):
    """The agent does something else now."""

    old_state: AgentState
    new_state: AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStateChangedEvent(_SessionEvent):
    """The user does something else now."""

    old_state: UserState
    new_state: UserState


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationItemAddedEvent(_SessionEvent):
    """The history has one more item."""

    item: ChatItem


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionToolsExecutedEvent(_SessionEvent):
    """The tools of one step have answered."""

    function_calls: tuple[FunctionCall, ...]
    function_call_outputs: tuple[FunctionCallOutput, ...]
    """Of each call, in the same order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsCollectedEvent(_SessionEvent):
    """Something was measured; a value of `agents_core.metrics`."""

    metrics: object


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCreatedEvent(_SessionEvent):
    """The agent is going to say something."""

    user_initiated: bool
    """Whether the application asked for it, by `say` or `generate_reply`."""
    source: SpeechSource
    speech_handle: SpeechHandle


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFalseInterruptionEvent(_SessionEvent):
    """The agent stopped for a user who said nothing."""

    resumed: bool
    """Whether it goes on by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEvent(_SessionEvent):
    """Something foreign failed."""

    error: BaseException
    source: object
    """The port, model or agent it came from."""
    recoverable: bool
    """Whether it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEvent(_SessionEvent):
    """The session is over; nothing is emitted after this."""

    reason: CloseReason
    error: BaseException | None = None
