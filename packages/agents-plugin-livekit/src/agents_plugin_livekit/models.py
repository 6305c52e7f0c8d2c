"""Where LiveKit's turn detection models are kept, and what they read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

TurnDetectorModels: TypeAlias = Literal["en", "multilingual"]
"""The two turn detectors: English, and many languages."""

MODEL_REPOSITORY: Final = "livekit/turn-detector"
"""Repository of both models."""

MODEL_FILE: Final = "onnx/model_q8.onnx"
"""The model's file within the repository."""

TOKENIZER_FILE: Final = "tokenizer.json"
"""The tokenizer's file within the repository."""

TOKENIZER_CONFIG_FILE: Final = "tokenizer_config.json"
"""The file within the repository that has the chat template, where that has no file of its own."""

TEMPLATE_FILE: Final = "chat_template.jinja"
"""The chat template's own file within the repository."""

LANGUAGES_FILE: Final = "languages.json"
"""The file of thresholds by language within the repository."""

MODEL_REVISIONS: Final[Mapping[TurnDetectorModels, str]] = MappingProxyType(
    {"en": "v1.2.2-en", "multilingual": "v0.4.1-intl"}
)
"""The revision of the repository for each model."""

HISTORY_TURNS: Final = 6
"""How many of the last turns of a conversation the models read."""

HISTORY_TOKENS: Final = 128
"""How many of the last tokens of them the models read."""

REMOTE_PATH: Final = "/eot/multi"
"""Where a service that runs the multilingual model answers, below its base URL."""

REMOTE_TIMEOUT: Final = 2.0
"""The longest that such a service is waited for, in seconds."""
