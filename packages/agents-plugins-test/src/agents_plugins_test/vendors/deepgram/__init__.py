"""Deepgram: two ways to listen over a websocket, one of whole recordings, and a voice."""

from agents_plugins_test.vendors.deepgram.server import DeepgramServer

__all__ = ["DeepgramServer"]
