"""LiveKit plugin for agents-core."""

from agents_plugin_livekit import models

__all__ = ["models"]
