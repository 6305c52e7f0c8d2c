"""OpenAI plugin for agents-core."""

from agents_plugin_openai import models

__all__ = ["models"]
