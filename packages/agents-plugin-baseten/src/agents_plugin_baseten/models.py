"""Where Baseten's chat, transcription and speech services answer, and their defaults."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

DEFAULT_LLM_BASE_URL: Final = "https://inference.baseten.co/v1"
"""Where chat completions are served."""

STT_MODEL_ENDPOINT: Final = "wss://model-{id}.api.baseten.co/environments/production/websocket"
"""Where a model that transcribes answers, by its id."""

STT_CHAIN_ENDPOINT: Final = "wss://chain-{id}.api.baseten.co/environments/production/websocket"
"""Where a chain that transcribes answers, by its id."""

DEFAULT_STT_LANGUAGE: Final = "en"
"""Language of the audio to transcribe."""

DEFAULT_STT_ENCODING: Final = "pcm_s16le"
"""Encoding of the audio to transcribe."""

DEFAULT_STT_SAMPLE_RATE: Final = 16_000
"""Samples a second of the audio to transcribe."""

DEFAULT_STT_VAD_THRESHOLD: Final = 0.5
"""Speech probability, 0 to 1, from which the service hears a voice."""

DEFAULT_STT_VAD_MIN_SILENCE_MS: Final = 300
"""Silence that ends speech, in milliseconds."""

DEFAULT_STT_VAD_SPEECH_PAD_MS: Final = 30
"""Audio kept around speech, in milliseconds."""

TTSVoices: TypeAlias = Literal["tara"]
"""Voices known by name."""

DEFAULT_TTS_VOICE: Final[TTSVoices] = "tara"
"""Voice."""

DEFAULT_TTS_LANGUAGE: Final = "en"
"""Language of the text to speak."""

DEFAULT_TTS_TEMPERATURE: Final = 0.6
"""Sampling temperature of the voice."""

DEFAULT_TTS_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech received: 16-bit PCM, one channel."""
