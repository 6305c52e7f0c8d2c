"""XAI's realtime models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

RealtimeModels: TypeAlias = Literal["grok-4-1-fast-non-reasoning"]
"""Realtime models known by name."""

RealtimeVoices: TypeAlias = Literal["Ara", "Cora", "Sage"]
"""Voices known by name."""

DEFAULT_BASE_URL: Final = "wss://api.x.ai/v1"
"""Where the service answers."""

DEFAULT_REALTIME_MODEL: Final[RealtimeModels] = "grok-4-1-fast-non-reasoning"
"""Realtime model."""

DEFAULT_REALTIME_VOICE: Final[RealtimeVoices] = "Ara"
"""Voice."""
