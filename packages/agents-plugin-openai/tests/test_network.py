"""OpenAI itself, where there is a key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_openai import LLM, STT, TTS, RealtimeModel
from agents_plugins_test.network import RealLLM, RealRealtime, RealSTT, RealTTS


class TestLLM(RealLLM):
    key = "OPENAI_API_KEY"
    strict = structured = True

    def create(self, vendor: Vendor) -> LLM:
        return LLM()


class TestSTT(RealSTT):
    key = "OPENAI_API_KEY"

    def create(self, vendor: Vendor) -> STT:
        return STT()


class TestTTS(RealTTS):
    key = "OPENAI_API_KEY"

    def create(self, vendor: Vendor) -> TTS:
        return TTS()


class TestRealtimeModel(RealRealtime):
    key = "OPENAI_API_KEY"

    def create(self, vendor: Vendor) -> RealtimeModel:
        return RealtimeModel()
