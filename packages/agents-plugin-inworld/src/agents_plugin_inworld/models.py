"""Inworld's speech models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["inworld-tts-1"]
"""Speech models known by name."""

TTSVoices: TypeAlias = Literal["Ashley"]
"""Voices known by name."""

TTSEncodings: TypeAlias = Literal["LINEAR16", "PCM"]
"""Encodings of the speech received: 16-bit samples, of which the first has each piece as a WAV file
of its own."""

DEFAULT_BASE_URL: Final = "https://api.inworld.ai"
"""Where the service answers."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "inworld-tts-1"
"""Speech model."""

DEFAULT_TTS_VOICE: Final[TTSVoices] = "Ashley"
"""Voice."""

DEFAULT_TTS_ENCODING: Final[TTSEncodings] = "LINEAR16"
"""Encoding of the speech received."""

DEFAULT_TTS_BITRATE: Final = 64_000
"""Bits a second."""

DEFAULT_TTS_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech received."""

DEFAULT_TTS_SPEAKING_RATE: Final = 1.0
"""Speed: 1 is the voice's own."""

DEFAULT_TTS_TEMPERATURE: Final = 1.1
"""Sampling temperature of the voice."""
