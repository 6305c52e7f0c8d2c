"""The Gemini models for chat, speech and realtime conversation, and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

LLMModels: TypeAlias = Literal["gemini-2.0-flash-001"]
"""Chat models known by name."""

TTSModels: TypeAlias = Literal["gemini-2.5-flash-preview-tts"]
"""Speech models known by name."""

TTSVoices: TypeAlias = Literal["Kore"]
"""Voices of the speech models known by name."""

RealtimeModels: TypeAlias = Literal["gemini-2.5-flash-native-audio-preview-12-2025"]
"""Realtime models of the Gemini API known by name."""

VertexRealtimeModels: TypeAlias = Literal["gemini-live-2.5-flash-native-audio"]
"""Realtime models of Vertex AI known by name."""

RealtimeVoices: TypeAlias = Literal["Puck"]
"""Voices of the realtime models known by name."""

DEFAULT_BASE_URL: Final = "https://generativelanguage.googleapis.com"
"""Where the Gemini API answers."""

DEFAULT_API_VERSION: Final = "v1beta"
"""Of the Gemini API."""

PREVIEW_API_VERSION: Final = "v1alpha"
"""Of the Gemini API, where affective dialog or proactivity is asked for."""

DEFAULT_VERTEX_BASE_URL: Final = "https://{location}-aiplatform.googleapis.com"
"""Where Vertex AI answers."""

DEFAULT_VERTEX_GLOBAL_BASE_URL: Final = "https://aiplatform.googleapis.com"
"""Where Vertex AI answers for the location `global`."""

DEFAULT_VERTEX_API_VERSION: Final = "v1"
"""Of Vertex AI."""

DEFAULT_VERTEX_LOCATION: Final = "us-central1"
"""Of Vertex AI."""

VERTEX_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
"""What a token for Vertex AI is asked for."""

DEFAULT_LLM_MODEL: Final[LLMModels] = "gemini-2.0-flash-001"
"""Chat model."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "gemini-2.5-flash-preview-tts"
"""Speech model."""

DEFAULT_TTS_VOICE: Final[TTSVoices] = "Kore"
"""Voice of the speech model."""

DEFAULT_TTS_INSTRUCTIONS: Final = "Read this aloud, word for word"
"""What the speech model is told before the text: without a word it may take it for a question."""

DEFAULT_TTS_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech received."""

DEFAULT_REALTIME_MODEL: Final[RealtimeModels] = "gemini-2.5-flash-native-audio-preview-12-2025"
"""Realtime model of the Gemini API."""

DEFAULT_VERTEX_REALTIME_MODEL: Final[VertexRealtimeModels] = "gemini-live-2.5-flash-native-audio"
"""Realtime model of Vertex AI."""

DEFAULT_REALTIME_VOICE: Final[RealtimeVoices] = "Puck"
"""Voice of the realtime model."""

REALTIME_INPUT_SAMPLE_RATE: Final = 16_000
"""Samples a second of the audio sent to a realtime model: 16-bit PCM, one channel."""

REALTIME_OUTPUT_SAMPLE_RATE: Final = 24_000
"""Samples a second of the audio received from a realtime model."""
