"""Deepgram plugin for agents-core."""

from agents_plugin_deepgram import models

__all__ = ["models"]
