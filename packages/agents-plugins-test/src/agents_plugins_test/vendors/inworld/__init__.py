"""Inworld: a whole text in a request, or some contexts at a time over one websocket."""

from __future__ import annotations

from agents_plugins_test.vendors.inworld.server import InworldServer

__all__ = ["InworldServer"]
