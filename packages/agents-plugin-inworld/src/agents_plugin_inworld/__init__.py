"""Inworld plugin for agents-core."""

from agents_plugin_inworld import models
from agents_plugin_inworld._wire.voices import Voice
from agents_plugin_inworld.tts import TTS

__all__ = ["TTS", "Voice", "models"]
