"""Anam plugin for agents-core."""

from agents_plugin_anam import models
from agents_plugin_anam.avatar import AvatarSession
from agents_plugin_anam.errors import AnamException
from agents_plugin_anam.persona import DirectorNotes, PersonaConfig, SessionOptions

__all__ = [
    "AnamException",
    "AvatarSession",
    "DirectorNotes",
    "PersonaConfig",
    "SessionOptions",
    "models",
]
