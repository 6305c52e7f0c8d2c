"""LemonSlice plugin for agents-core."""

from agents_plugin_lemonslice import models
from agents_plugin_lemonslice.avatar import AvatarSession
from agents_plugin_lemonslice.errors import LemonSliceException

__all__ = ["AvatarSession", "LemonSliceException", "models"]
