"""xAI plugin for agents-core."""

from agents_plugin_xai import models
from agents_plugin_xai.llm import LLM
from agents_plugin_xai.realtime import RealtimeModel

__all__ = ["LLM", "RealtimeModel", "models"]
