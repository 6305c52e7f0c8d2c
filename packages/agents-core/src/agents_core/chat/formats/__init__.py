"""A conversation as providers want it written."""

from __future__ import annotations

from agents_core.chat.formats.google import GoogleChat, to_google
from agents_core.chat.formats.openai import to_openai

__all__ = ["GoogleChat", "to_google", "to_openai"]
