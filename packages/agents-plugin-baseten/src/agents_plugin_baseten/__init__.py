"""Baseten plugin for agents-core."""

from agents_plugin_baseten import models

__all__ = ["models"]
