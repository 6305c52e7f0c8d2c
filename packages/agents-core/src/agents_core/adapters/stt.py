"""Speech to text made of other ports: a batch one that streams, and several that stand in."""

from __future__ import annotations

from agents_core.adapters.stt_fallback import FallbackAdapter
from agents_core.adapters.stt_stream import StreamAdapter

__all__ = ["FallbackAdapter", "StreamAdapter"]
