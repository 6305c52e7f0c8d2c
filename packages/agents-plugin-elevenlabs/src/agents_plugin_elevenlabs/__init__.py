"""ElevenLabs plugin for agents-core."""

from agents_plugin_elevenlabs import models

__all__ = ["models"]
