"""The conversation: sessions, speeches, and where their sound and text go."""

from __future__ import annotations

from agents_core.session.events import (
    AgentFalseInterruptionEvent,
    AgentStateChangedEvent,
    CloseEvent,
    CloseReason,
    ConversationItemAddedEvent,
    ErrorEvent,
    FunctionToolsExecutedEvent,
    MetricsCollectedEvent,
    SpeechCreatedEvent,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
)
from agents_core.session.io import AudioInput, AudioOutput, PlaybackFinished, TextOutput
from agents_core.session.options import SessionConnectOptions, SessionDeadlines, SessionOptions
from agents_core.session.room_options import RoomOptions
from agents_core.session.run_result import RunResult
from agents_core.session.session import AgentSession
from agents_core.session.speech import SpeechHandle
from agents_core.turns.effects import AgentState, UserState

__all__ = [
    "AgentFalseInterruptionEvent",
    "AgentSession",
    "AgentState",
    "AgentStateChangedEvent",
    "AudioInput",
    "AudioOutput",
    "CloseEvent",
    "CloseReason",
    "ConversationItemAddedEvent",
    "ErrorEvent",
    "FunctionToolsExecutedEvent",
    "MetricsCollectedEvent",
    "PlaybackFinished",
    "RoomOptions",
    "RunResult",
    "SessionConnectOptions",
    "SessionDeadlines",
    "SessionOptions",
    "SpeechCreatedEvent",
    "SpeechHandle",
    "TextOutput",
    "UserInputTranscribedEvent",
    "UserState",
    "UserStateChangedEvent",
]
