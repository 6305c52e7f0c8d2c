"""OpenAI's models for chat, transcription, speech and realtime conversation, and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

LLMModels: TypeAlias = Literal["gpt-4.1"]
"""Chat models known by name."""

STTModels: TypeAlias = Literal["whisper-1"]
"""Transcription models known by name."""

TTSModels: TypeAlias = Literal["gpt-4o-mini-tts", "tts-1"]
"""Speech models known by name."""

TTSVoices: TypeAlias = Literal["alloy"]
"""Voices of the speech models known by name."""

RealtimeModels: TypeAlias = Literal["gpt-realtime"]
"""Realtime models known by name."""

RealtimeVoices: TypeAlias = Literal["marin"]
"""Voices of the realtime models known by name."""

RealtimeTranscriptionModels: TypeAlias = Literal["gpt-4o-mini-transcribe"]
"""Models that transcribe what a realtime model hears."""

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""Where the service answers."""

DEFAULT_LLM_MODEL: Final[LLMModels] = "gpt-4.1"
"""Chat model."""

DEFAULT_STT_MODEL: Final[STTModels] = "whisper-1"
"""Transcription model."""

DEFAULT_TTS_VOICE: Final[TTSVoices] = "alloy"
"""Voice of the speech models."""

TTS_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech received: 16-bit PCM, one channel."""

DEFAULT_REALTIME_MODEL: Final[RealtimeModels] = "gpt-realtime"
"""Realtime model."""

DEFAULT_REALTIME_VOICE: Final[RealtimeVoices] = "marin"
"""Voice of the realtime model."""

DEFAULT_REALTIME_TRANSCRIPTION_MODEL: Final[RealtimeTranscriptionModels] = "gpt-4o-mini-transcribe"
"""Model that transcribes what the realtime model hears."""

REALTIME_SAMPLE_RATE: Final = 24_000
"""Samples a second of a realtime model's audio, both ways."""
