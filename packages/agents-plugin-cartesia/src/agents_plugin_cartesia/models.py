"""Cartesia's speech models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["sonic-2", "sonic-2-2025-03-07"]
"""Speech models known by name."""

TTSEncodings: TypeAlias = Literal["pcm_s16le"]
"""Encodings of the speech received."""

DEFAULT_BASE_URL: Final = "https://api.cartesia.ai"
"""Where the service answers."""

API_VERSION: Final = "2024-06-10"
"""The version of Cartesia's API that these names belong to."""

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
