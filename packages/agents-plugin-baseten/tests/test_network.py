"""Baseten itself, where there is a key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_baseten import LLM, STT, TTS
from agents_plugins_test.network import RealLLM, RealSTT, RealTTS, variable

STT_ENDPOINT = "BASETEN_STT_ENDPOINT"
TTS_ENDPOINT = "BASETEN_TTS_ENDPOINT"
"""Where the deployments answer: each of yours is a model of its own."""


class TestLLM(RealLLM):
    key = "BASETEN_API_KEY"
    structured = True

    def create(self, vendor: Vendor) -> LLM:
        return LLM(model="openai/gpt-oss-120b")


class TestSTT(RealSTT):
    key = "BASETEN_API_KEY"
    needs = (STT_ENDPOINT,)
    streaming = interim = times = words = True
    whole = flushes = False

    def create(self, vendor: Vendor) -> STT:
        return STT(model_endpoint=variable(STT_ENDPOINT))

    def create_without_interim(self, vendor: Vendor) -> STT:
        endpoint = variable(STT_ENDPOINT)
        return STT(model_endpoint=endpoint, enable_partial_transcripts=False)


class TestTTS(RealTTS):
    key = "BASETEN_API_KEY"
    needs = (TTS_ENDPOINT,)

    def create(self, vendor: Vendor) -> TTS:
        return TTS(model_endpoint=variable(TTS_ENDPOINT))
