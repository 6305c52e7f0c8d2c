"""Google itself, where there is a key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_google import LLM, TTS, RealtimeModel
from agents_plugins_test.network import RealLLM, RealRealtime, RealTTS


class TestLLM(RealLLM):
    key = "GOOGLE_API_KEY"
    structured = True

    def create(self, vendor: Vendor) -> LLM:
        return LLM()


class TestTTS(RealTTS):
    key = "GOOGLE_API_KEY"

    def create(self, vendor: Vendor) -> TTS:
        return TTS()


class TestRealtimeModel(RealRealtime):
    key = "GOOGLE_API_KEY"
    message_truncation = False
    auto_tool_reply_generation = True
    sample_rate = 16_000

    def create(self, vendor: Vendor) -> RealtimeModel:
        return RealtimeModel()
