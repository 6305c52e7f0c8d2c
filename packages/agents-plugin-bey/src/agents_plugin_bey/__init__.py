"""Beyond Presence plugin for agents-core."""

from agents_plugin_bey import models
from agents_plugin_bey.avatar import AvatarSession
from agents_plugin_bey.errors import BeyException

__all__ = ["AvatarSession", "BeyException", "models"]
