"""Rime plugin for agents-core."""

from agents_plugin_rime import models
from agents_plugin_rime.tts import TTS

__all__ = ["TTS", "models"]
