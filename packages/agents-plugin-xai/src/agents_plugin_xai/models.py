"""XAI's models for chat and realtime conversation, and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

LLMModels: TypeAlias = Literal["grok-4-1-fast-non-reasoning"]
"""Chat models known by name."""

RealtimeModels: TypeAlias = Literal["grok-4-1-fast-non-reasoning"]
"""Realtime models known by name."""

RealtimeVoices: TypeAlias = Literal["Ara", "Cora", "Sage"]
"""Voices known by name."""

DEFAULT_BASE_URL: Final = "https://api.x.ai/v1"
"""Where the service answers, over websockets too."""

DEFAULT_LLM_MODEL: Final[LLMModels] = "grok-4-1-fast-non-reasoning"
"""Chat model."""

DEFAULT_REALTIME_MODEL: Final[RealtimeModels] = "grok-4-1-fast-non-reasoning"
"""Realtime model."""

DEFAULT_REALTIME_VOICE: Final[RealtimeVoices] = "Ara"
"""Voice."""
