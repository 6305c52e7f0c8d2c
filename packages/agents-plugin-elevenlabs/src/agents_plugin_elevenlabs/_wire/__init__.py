"""ElevenLabs' messages, and what they mean to the core: pure, from values to values."""

from __future__ import annotations

PROVIDER = "ElevenLabs"
