"""Inworld plugin for agents-core."""

from agents_plugin_inworld import models

__all__ = ["models"]
