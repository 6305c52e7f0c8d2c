"""Rime's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

import pytest

from agents_core.testing.tts import TTSSuite
from agents_plugin_rime import TTS
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.rime import RimeServer


class TestTTS(TTSSuite):
    options = {"speaker": "celeste", "speed_alpha": 0.9}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> RimeServer:
        return RimeServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)


def test_the_sample_rate_is_that_of_the_model_and_cannot_be_changed() -> None:
    voice = TTS(api_key="a-key", model="mistv2")

    assert voice.sample_rate == 16_000
    with pytest.raises(TypeError, match="sample rate stays"):
        voice.update_options(sample_rate=8000)
