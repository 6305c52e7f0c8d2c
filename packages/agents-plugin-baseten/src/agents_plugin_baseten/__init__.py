"""Baseten plugin for agents-core."""

from agents_plugin_baseten import models
from agents_plugin_baseten.llm import LLM
from agents_plugin_baseten.stt import STT
from agents_plugin_baseten.tts import TTS

__all__ = ["LLM", "STT", "TTS", "models"]
