"""Neuphonic plugin for agents-core."""

from agents_plugin_neuphonic import models
from agents_plugin_neuphonic.tts import TTS

__all__ = ["TTS", "models"]
