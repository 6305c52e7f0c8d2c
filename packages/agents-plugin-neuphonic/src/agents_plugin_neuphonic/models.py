"""Neuphonic's speech models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

TTSModels: TypeAlias = Literal["neu_hq", "neu_fast"]
"""Speech models known by name."""

TTSEncodings: TypeAlias = Literal["pcm_linear"]
"""Encodings of the speech received."""

DEFAULT_BASE_URL: Final = "https://api.neuphonic.com"
"""Where the service answers."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "neu_hq"
"""Speech model."""

DEFAULT_TTS_LANGUAGE: Final = "en"
"""Language of the text to speak."""

DEFAULT_TTS_ENCODING: Final[TTSEncodings] = "pcm_linear"
"""Encoding of the speech received."""

DEFAULT_TTS_SAMPLE_RATE: Final = 22_050
"""Samples a second of the speech received."""

DEFAULT_TTS_SPEED: Final = 1.0
"""Speed: 1 is the voice's own."""
