"""xAI itself, where there is a key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_xai import LLM, RealtimeModel
from agents_plugins_test.network import RealLLM, RealRealtime


class TestLLM(RealLLM):
    key = "XAI_API_KEY"
    structured = True

    def create(self, vendor: Vendor) -> LLM:
        return LLM()


class TestRealtimeModel(RealRealtime):
    key = "XAI_API_KEY"

    def create(self, vendor: Vendor) -> RealtimeModel:
        return RealtimeModel()
