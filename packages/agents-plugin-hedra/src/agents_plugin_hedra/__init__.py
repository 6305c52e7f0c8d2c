"""Hedra plugin for agents-core."""

from agents_plugin_hedra import models

__all__ = ["models"]
