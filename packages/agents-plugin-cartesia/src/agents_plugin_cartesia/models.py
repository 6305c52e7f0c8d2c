"""Cartesia's speech models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["sonic-2", "sonic-2-2025-03-07", "sonic-turbo", "sonic-3"]
"""Speech models known by name."""

TTSEncodings: TypeAlias = Literal["pcm_s16le"]
"""Encodings of the speech received."""

TTSSpeeds: TypeAlias = Literal["slow", "normal", "fast"]
"""Speeds known by name; numbers are speeds, too."""

DEFAULT_BASE_URL: Final = "https://api.cartesia.ai"
"""Where the service answers."""

API_VERSION: Final = "2025-04-16"
"""The version of Cartesia's API that is asked for."""

EMBEDDINGS_API_VERSION: Final = "2024-11-13"
"""The last version that knows voices by their embeddings, and several emotions at once."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "sonic-2"
"""Speech model."""

DEFAULT_TTS_VOICE: Final = "794f9389-aac1-45b6-b726-9d9369183238"
"""Voice, by its id."""

DEFAULT_TTS_LANGUAGE: Final = "en"
"""Language of the text to speak."""

DEFAULT_TTS_ENCODING: Final[TTSEncodings] = "pcm_s16le"
"""Encoding of the speech received."""

DEFAULT_TTS_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech received."""
