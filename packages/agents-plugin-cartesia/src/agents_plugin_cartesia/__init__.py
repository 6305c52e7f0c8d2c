"""Cartesia plugin for agents-core."""

from agents_plugin_cartesia import models
from agents_plugin_cartesia.tts import TTS

__all__ = ["TTS", "models"]
