"""OpenAI's models for chat, transcription, speech and realtime conversation, and their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

LLMModels: TypeAlias = Literal["gpt-4.1"]
"""Chat models known by name."""

STTModels: TypeAlias = Literal["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]
"""Transcription models known by name."""

TTSModels: TypeAlias = Literal["gpt-4o-mini-tts", "tts-1"]
"""Speech models known by name."""

TTSVoices: TypeAlias = Literal["alloy"]
"""Voices of the speech models known by name."""

RealtimeModels: TypeAlias = Literal["gpt-realtime"]
"""Realtime models known by name."""

RealtimeVoices: TypeAlias = Literal["marin"]
"""Voices of the realtime models known by name."""

RealtimeTranscriptionModels: TypeAlias = Literal[
    "gpt-4o-mini-transcribe", "gpt-4o-transcribe", "whisper-1"
]
"""Models that transcribe what a realtime model hears."""

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""Where the service answers."""

DEFAULT_LLM_MODEL: Final[LLMModels] = "gpt-4.1"
"""Chat model."""

DEFAULT_STT_MODEL: Final[STTModels] = "whisper-1"
"""Transcription model."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "gpt-4o-mini-tts"
"""Speech model."""

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

DEFAULT_AZURE_REALTIME_TRANSCRIPTION_MODEL: Final = "whisper-1"
"""Likewise, at Azure."""

DEFAULT_MAX_SESSION_DURATION: Final = 1200
"""Seconds after which the connection of a realtime conversation is renewed."""

REALTIME_SAMPLE_RATE: Final = 24_000
"""Samples a second of a realtime model's audio, both ways."""

SERVICE_BASE_URLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cerebras": "https://api.cerebras.ai/v1",
        "deepseek": "https://api.deepseek.com/v1",
        "fireworks": "https://api.fireworks.ai/inference/v1",
        "groq": "https://api.groq.com/openai/v1",
        "meta": "https://api.llama.com/compat/v1",
        "ollama": "http://localhost:11434/v1",
        "openrouter": "https://openrouter.ai/api/v1",
        "ovhcloud": "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
        "perplexity": "https://api.perplexity.ai",
        "telnyx": "https://api.telnyx.com/v2/ai",
        "together": "https://api.together.xyz/v1",
        "x_ai": "https://api.x.ai/v1",
    }
)
"""Where others answer that speak OpenAI's protocol."""

SERVICE_LLM_MODELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cerebras": "llama3.1-8b",
        "deepseek": "deepseek-chat",
        "fireworks": "accounts/fireworks/models/llama-v3p1-70b-instruct",
        "groq": "openai/gpt-oss-120b",
        "meta": "Llama-4-Maverick-17B-128E-Instruct-FP8",
        "ollama": "llama3.1",
        "openrouter": "openrouter/auto",
        "ovhcloud": "gpt-oss-120b",
        "perplexity": "llama-3.1-sonar-small-128k-chat",
        "telnyx": "meta-llama/Meta-Llama-3.1-70B-Instruct",
        "together": "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo",
        "x_ai": "grok-3-fast",
    }
)
"""Their chat models, where none is said."""

SERVICE_STT_MODELS: Final[Mapping[str, str]] = MappingProxyType({"groq": "whisper-large-v3-turbo"})
"""Their transcription models, where none is said."""
