"""Google plugin for agents-core."""

from agents_plugin_google import models

__all__ = ["models"]
