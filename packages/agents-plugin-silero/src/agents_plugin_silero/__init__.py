"""Silero plugin for agents-core."""

from agents_plugin_silero import models

__all__ = ["models"]
