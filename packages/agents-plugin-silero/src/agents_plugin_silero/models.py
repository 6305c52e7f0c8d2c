"""The defaults of Silero's voice activity detection."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

VADSampleRates: TypeAlias = Literal[8000, 16_000]
"""Samples a second that the model hears."""

DEFAULT_VAD_SAMPLE_RATE: Final[VADSampleRates] = 16_000
"""Samples a second of the audio to listen to."""

VAD_WINDOW_SAMPLES: Final[Mapping[VADSampleRates, int]] = MappingProxyType({8000: 256, 16_000: 512})
"""Samples judged at a time, by sample rate."""

VAD_CONTEXT_SAMPLES: Final[Mapping[VADSampleRates, int]] = MappingProxyType({8000: 32, 16_000: 64})
"""Samples before the window that the model sees again, by sample rate."""

DEFAULT_VAD_ACTIVATION_THRESHOLD: Final = 0.5
"""Speech probability, 0 to 1, from which a voice is heard."""

DEFAULT_VAD_MIN_SPEECH_MS: Final = 50
"""Speech that begins an utterance, in milliseconds."""

DEFAULT_VAD_MIN_SILENCE_MS: Final = 550
"""Silence that ends an utterance, in milliseconds."""

DEFAULT_VAD_PREFIX_PADDING_MS: Final = 500
"""Audio kept from before an utterance, in milliseconds."""

DEFAULT_VAD_MAX_BUFFERED_SPEECH_S: Final = 60
"""The longest utterance kept, in seconds."""
