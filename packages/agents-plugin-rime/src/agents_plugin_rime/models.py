"""Rime's speech models and their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["arcana", "mistv2"]
"""Speech models known by name."""

TTSVoices: TypeAlias = Literal["luna"]
"""Voices known by name."""

DEFAULT_BASE_URL: Final = "https://users.rime.ai/v1"
"""Where the service answers."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "arcana"
"""Speech model."""

DEFAULT_TTS_VOICE: Final[TTSVoices] = "luna"
"""Voice."""

DEFAULT_TTS_SAMPLE_RATES: Final[Mapping[TTSModels, int]] = MappingProxyType(
    {"arcana": 24_000, "mistv2": 16_000}
)
"""Samples a second of the speech received, by model."""
