"""What an agent hears, thinks and speaks with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from agents_core.llm import LLM, ToolChoice
from agents_core.realtime import RealtimeModel
from agents_core.retry import APIConnectOptions
from agents_core.stt import STT
from agents_core.tools import FunctionTool
from agents_core.tts import TTS
from agents_core.turns.detector import TurnDetector
from agents_core.turns.options import Detection
from agents_core.vad import VAD

TurnDetection: TypeAlias = Detection | str | TurnDetector
"""A way of `Detection`, by its name or as it is, or a detector to be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """How a node is to use its model."""

    tool_choice: ToolChoice = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """An agent's own parts, and the session's where it has none."""

    stt: STT | None = None
    llm: LLM | RealtimeModel | None = None
    tts: TTS | None = None
    vad: VAD | None = None
    turn_detection: TurnDetection | None = None
    tools: tuple[FunctionTool, ...] = ()
    """Beside the agent's; its own go before those of the same name."""
    stt_conn_options: APIConnectOptions = field(default_factory=APIConnectOptions)
    llm_conn_options: APIConnectOptions = field(default_factory=APIConnectOptions)
    tts_conn_options: APIConnectOptions = field(default_factory=APIConnectOptions)
