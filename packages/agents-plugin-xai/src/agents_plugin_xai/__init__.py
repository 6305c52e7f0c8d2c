"""xAI plugin for agents-core."""

from agents_plugin_xai import models

__all__ = ["models"]
