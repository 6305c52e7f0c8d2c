"""Beyond Presence plugin for agents-core."""

from agents_plugin_bey import models

__all__ = ["models"]
