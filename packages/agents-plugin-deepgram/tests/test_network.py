"""Deepgram itself, where there is a key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_deepgram import STT, TTS, STTv2
from agents_plugins_test.network import RealSTT, RealTTS


class TestSTT(RealSTT):
    key = "DEEPGRAM_API_KEY"
    streaming = interim = speech_events = times = words = usage = True

    def create(self, vendor: Vendor) -> STT:
        return STT()

    def create_without_interim(self, vendor: Vendor) -> STT:
        return STT(interim_results=False)


class TestSTTv2(RealSTT):
    key = "DEEPGRAM_API_KEY"
    streaming = interim = speech_events = times = words = usage = True
    whole = flushes = False

    def create(self, vendor: Vendor) -> STTv2:
        return STTv2()


class TestTTS(RealTTS):
    key = "DEEPGRAM_API_KEY"
    streaming = True

    def create(self, vendor: Vendor) -> TTS:
        return TTS()
