"""Neuphonic plugin for agents-core."""

from agents_plugin_neuphonic import models

__all__ = ["models"]
