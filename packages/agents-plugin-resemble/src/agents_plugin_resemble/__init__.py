"""Resemble plugin for agents-core."""

from agents_plugin_resemble import models

__all__ = ["models"]
