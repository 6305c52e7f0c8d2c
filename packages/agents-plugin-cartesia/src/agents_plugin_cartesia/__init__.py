"""Cartesia plugin for agents-core."""

from agents_plugin_cartesia import models

__all__ = ["models"]
