"""LiveKit plugin for agents-core."""

from agents_plugin_livekit import models, turn_detector
from agents_plugin_livekit.turn_detector import EnglishModel, MultilingualModel

__all__ = ["EnglishModel", "MultilingualModel", "models", "turn_detector"]
