"""Anam plugin for agents-core."""

from agents_plugin_anam import models

__all__ = ["models"]
