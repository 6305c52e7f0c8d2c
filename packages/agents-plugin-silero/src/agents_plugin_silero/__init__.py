"""Silero plugin for agents-core."""

from agents_plugin_silero import models
from agents_plugin_silero.vad import VAD

__all__ = ["VAD", "models"]
