"""Cartesia itself, where there is a key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_cartesia import TTS
from agents_plugins_test.network import RealTTS


class TestTTS(RealTTS):
    key = "CARTESIA_API_KEY"
    streaming = words = True

    def create(self, vendor: Vendor) -> TTS:
        return TTS()
