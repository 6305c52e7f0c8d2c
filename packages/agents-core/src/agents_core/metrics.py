"""What each answer took, and what a conversation used up."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    label: str
    """Of the port."""
    timestamp: float = field(default_factory=time.time)
    """Seconds since the epoch."""
    request_id: str = ""
    """By which the service knows the request."""
    model: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMMetrics(_Measured):
    """One answer of a language model. Durations are seconds."""

    duration: float
    """From the question to the end of the answer."""
    ttft: float | None
    """To the first text or tool call; None where none came."""
    cancelled: bool = False
    error: str | None = None
    """The class of what it failed with."""
    completion_tokens: int = 0
    prompt_tokens: int = 0
    prompt_cached_tokens: int = 0
    total_tokens: int = 0
    tokens_per_second: float = 0.0
    """Of completion, over the whole duration."""
    speech_id: str | None = None
    """Of the reply that it was for; a session fills it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class STTMetrics(_Measured):
    """Some sound that was recognised. Durations are seconds."""

    duration: float
    """Of a request with a whole recording; 0 where sound is streamed."""
    audio_duration: float
    """Of the sound."""
    streamed: bool
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TTSMetrics(_Measured):
    """One segment that was spoken. Durations are seconds."""

    duration: float
    """From its first text to its last sound."""
    ttfb: float | None
    """To its first sound; None where none came."""
    audio_duration: float
    """Of its sound."""
    characters_count: int
    """Of its text."""
    streamed: bool
    cancelled: bool = False
    error: str | None = None
    segment_id: str | None = None
    speech_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VADMetrics(_Measured):
    """Some windows that a detector looked at. Durations are seconds."""

    idle_time: float
    """Since somebody last spoke."""
    inference_duration_total: float
    inference_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EOUMetrics:
    """One turn of the user that came to its end. Durations are seconds after speech has ended."""

    end_of_utterance_delay: float
    """Until the turn was taken to be over."""
    transcription_delay: float
    """Until the last transcript came."""
    on_user_turn_completed_delay: float
    """That the agent's own hook took."""
    timestamp: float = field(default_factory=time.time)
    speech_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeModelMetrics(_Measured):
    """One answer of a realtime model. Durations are seconds."""

    duration: float
    ttft: float | None
    cancelled: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0
    input_audio_tokens: int = 0
    input_text_tokens: int = 0
    input_cached_tokens: int = 0
    output_audio_tokens: int = 0
    output_text_tokens: int = 0
    speech_id: str | None = None


AgentMetrics: TypeAlias = (
    LLMMetrics | STTMetrics | TTSMetrics | VADMetrics | EOUMetrics | RealtimeModelMetrics
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSummary:
    """What a conversation used up: what providers charge for."""

    llm_prompt_tokens: int = 0
    llm_prompt_cached_tokens: int = 0
    llm_completion_tokens: int = 0
    llm_input_audio_tokens: int = 0
    llm_output_audio_tokens: int = 0
    tts_characters_count: int = 0
    tts_audio_duration: float = 0.0
    stt_audio_duration: float = 0.0


class UsageCollector:
    """Adds up what it is given.

    A port emits metrics as they are: `port.on("metrics_collected", collector.collect)`. A session
    emits an event that holds them: hand on `event.metrics`.
    """

    def __init__(self) -> None:
        self._summary = UsageSummary()

    def collect(self, metrics: AgentMetrics) -> None:
        """Add one; those that nobody charges for change nothing."""
        self._summary = _added(self._summary, metrics)

    def get_summary(self) -> UsageSummary:
        """All so far."""
        return self._summary


def _added(total: UsageSummary, metrics: AgentMetrics) -> UsageSummary:
    match metrics:
        case LLMMetrics():
            return replace(
                total,
                llm_prompt_tokens=total.llm_prompt_tokens + metrics.prompt_tokens,
                llm_prompt_cached_tokens=total.llm_prompt_cached_tokens
                + metrics.prompt_cached_tokens,
                llm_completion_tokens=total.llm_completion_tokens + metrics.completion_tokens,
            )
        case RealtimeModelMetrics():
            return replace(
                total,
                llm_prompt_tokens=total.llm_prompt_tokens + metrics.input_tokens,
                llm_prompt_cached_tokens=total.llm_prompt_cached_tokens
                + metrics.input_cached_tokens,
                llm_completion_tokens=total.llm_completion_tokens + metrics.output_tokens,
                llm_input_audio_tokens=total.llm_input_audio_tokens + metrics.input_audio_tokens,
                llm_output_audio_tokens=total.llm_output_audio_tokens + metrics.output_audio_tokens,
            )
        case TTSMetrics():
            return replace(
                total,
                tts_characters_count=total.tts_characters_count + metrics.characters_count,
                tts_audio_duration=total.tts_audio_duration + metrics.audio_duration,
            )
        case STTMetrics():
            return replace(
                total, stt_audio_duration=total.stt_audio_duration + metrics.audio_duration
            )
        case VADMetrics() | EOUMetrics():
            return total
