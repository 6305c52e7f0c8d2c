"""ElevenLabs plugin for agents-core."""

from agents_plugin_elevenlabs import models
from agents_plugin_elevenlabs._wire.asking import PronunciationDictionaryLocator, VoiceSettings
from agents_plugin_elevenlabs._wire.voices import Voice
from agents_plugin_elevenlabs.tts import TTS

__all__ = ["TTS", "PronunciationDictionaryLocator", "Voice", "VoiceSettings", "models"]
