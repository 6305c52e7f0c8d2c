"""Rime's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

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
