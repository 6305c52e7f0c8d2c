"""Resemble's speech models and the defaults of its service."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["chatterbox-turbo"]
"""Speech models known by name; without one, the voice decides."""

TTSPrecisions: TypeAlias = Literal["PCM_16"]
"""Sample formats of the speech received."""

DEFAULT_BASE_URL: Final = "https://f.cluster.resemble.ai"
"""Where whole texts are spoken."""

DEFAULT_STREAM_URL: Final = "wss://websocket.cluster.resemble.ai"
"""Where text is spoken as it comes."""

DEFAULT_TTS_VOICE: Final = "55592656"
"""Voice, by its id."""

DEFAULT_TTS_PRECISION: Final[TTSPrecisions] = "PCM_16"
"""Sample format of the speech received."""

DEFAULT_TTS_SAMPLE_RATE: Final = 44_100
"""Samples a second of the speech received."""
