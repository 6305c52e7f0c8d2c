"""The defaults of Silero's voice activity detection."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

VADSampleRates: TypeAlias = Literal[8000, 16_000]
"""Samples a second that the model hears."""

DEFAULT_VAD_SAMPLE_RATE: Final[VADSampleRates] = 16_000
"""Samples a second that the model is given."""

VAD_WINDOW_SAMPLES: Final[Mapping[VADSampleRates, int]] = MappingProxyType({8000: 256, 16_000: 512})
"""Samples judged at a time, by sample rate."""

VAD_CONTEXT_SAMPLES: Final[Mapping[VADSampleRates, int]] = MappingProxyType({8000: 32, 16_000: 64})
"""Samples before the window that the model sees again, by sample rate."""

VAD_SMOOTHING: Final = 0.35
"""Weight of what was heard before in the probability of a window."""

DEFAULT_VAD_ACTIVATION_THRESHOLD: Final = 0.5
"""Speech probability, 0 to 1, from which a voice is heard."""

VAD_HYSTERESIS: Final = 0.15
"""How far below the activation threshold a voice is still heard, where no other is given."""

DEFAULT_VAD_MIN_SPEECH_DURATION: Final = 0.05
"""Speech that begins an utterance, in seconds."""

DEFAULT_VAD_MIN_SILENCE_DURATION: Final = 0.55
"""Silence that ends an utterance, in seconds."""

DEFAULT_VAD_PREFIX_PADDING_DURATION: Final = 0.5
"""Sound kept from before an utterance, in seconds."""

DEFAULT_VAD_MAX_BUFFERED_SPEECH: Final = 60.0
"""The most sound kept of an utterance, in seconds."""
