"""Rime plugin for agents-core."""

from agents_plugin_rime import models

__all__ = ["models"]
