"""Deepgram plugin for agents-core."""

from agents_plugin_deepgram import models
from agents_plugin_deepgram.stt import STT
from agents_plugin_deepgram.stt_v2 import STTv2
from agents_plugin_deepgram.tts import TTS

__all__ = ["STT", "TTS", "STTv2", "models"]
