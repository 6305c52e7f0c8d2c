"""Text to speech made of other ports: a batch one that streams, and several that stand in."""

from __future__ import annotations

from agents_core.adapters.tts_fallback import FallbackAdapter
from agents_core.adapters.tts_stream import StreamAdapter

__all__ = ["FallbackAdapter", "StreamAdapter"]
