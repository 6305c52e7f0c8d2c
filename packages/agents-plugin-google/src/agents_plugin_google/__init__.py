"""Google plugin for agents-core."""

from agents_plugin_google import models, realtime
from agents_plugin_google.llm import LLM
from agents_plugin_google.realtime import RealtimeModel
from agents_plugin_google.tts import TTS

__all__ = ["LLM", "TTS", "RealtimeModel", "models", "realtime"]
