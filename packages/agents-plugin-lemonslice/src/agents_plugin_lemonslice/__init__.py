"""LemonSlice plugin for agents-core."""

from agents_plugin_lemonslice import models

__all__ = ["models"]
