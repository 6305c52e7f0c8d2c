"""Resemble plugin for agents-core."""

from agents_plugin_resemble import models
from agents_plugin_resemble.tts import TTS

__all__ = ["TTS", "models"]
