"""ElevenLabs' speech models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["eleven_turbo_v2_5"]
"""Speech models known by name."""

TTSEncodings: TypeAlias = Literal[
    "pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_32000", "pcm_44100", "pcm_48000"
]
"""Encodings of the speech received, with the sample rate in the name."""

DEFAULT_BASE_URL: Final = "https://api.elevenlabs.io/v1"
"""Where the service answers."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "eleven_turbo_v2_5"
"""Speech model."""

DEFAULT_TTS_VOICE: Final = "bIHbv24MWmeRgasZH58o"
"""Voice, by its id."""

DEFAULT_TTS_ENCODING: Final[TTSEncodings] = "pcm_22050"
"""Encoding of the speech received."""

DEFAULT_TTS_INACTIVITY_TIMEOUT_S: Final = 180
"""Seconds without text after which the service closes a stream."""
