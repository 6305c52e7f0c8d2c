"""Hedra plugin for agents-core."""

from agents_plugin_hedra import models
from agents_plugin_hedra.avatar import AvatarSession
from agents_plugin_hedra.errors import HedraException
from agents_plugin_hedra.picture import AvatarImage

__all__ = ["AvatarImage", "AvatarSession", "HedraException", "models"]
