"""Deepgram's transcription and speech models and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

STTModels: TypeAlias = Literal["nova-3"]
"""Transcription models known by name."""

FluxModels: TypeAlias = Literal["flux-general-en", "flux-general-multi"]
"""Transcription models that also tell where a turn ends."""

TTSModels: TypeAlias = Literal["aura-asteria-en"]
"""Speech models known by name; each is a voice."""

DEFAULT_BASE_URL: Final = "https://api.deepgram.com"
"""Where the service answers, without the version of its API."""

DEFAULT_STT_MODEL: Final[STTModels] = "nova-3"
"""Transcription model."""

DEFAULT_STT_LANGUAGE: Final = "en-US"
"""Language of the audio to transcribe."""

DEFAULT_STT_SAMPLE_RATE: Final = 16_000
"""Samples a second of the audio to transcribe."""

DEFAULT_STT_ENDPOINTING_MS: Final = 25
"""Silence that ends an utterance, in milliseconds."""

DEFAULT_FLUX_MODEL: Final[FluxModels] = "flux-general-en"
"""Transcription model with turn detection."""

DEFAULT_FLUX_EOT_THRESHOLD: Final = 0.7
"""Confidence from which a turn has ended, where none is asked for."""

DEFAULT_TTS_MODEL: Final[TTSModels] = "aura-asteria-en"
"""Speech model."""

DEFAULT_TTS_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech received."""

DEFAULT_ENCODING: Final = "linear16"
"""Encoding of the audio, sent and received: 16-bit PCM."""
