"""OpenAI plugin for agents-core."""

from agents_plugin_openai import models
from agents_plugin_openai.llm import LLM
from agents_plugin_openai.realtime import RealtimeModel
from agents_plugin_openai.services import Service
from agents_plugin_openai.stt import STT
from agents_plugin_openai.tts import TTS

__all__ = ["LLM", "STT", "TTS", "RealtimeModel", "Service", "models"]
