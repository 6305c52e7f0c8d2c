"""Speech at Baseten, against a server that speaks its protocol."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agents_core.errors import APIStatusError
from agents_core.testing.suite import sentence
from agents_core.testing.tts import TTSSuite
from agents_plugin_baseten import TTS
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.baseten import BasetenServer


class Talkative(BasetenServer):
    """Repeats in a refusal who was refused."""

    def refusal(self, status: int) -> Mapping[str, object]:
        return {"error": f"{status}: not {self.seen[-1].headers['Authorization']}"}


class TestTTS(TTSSuite):
    options = {"voice": "leo", "max_tokens": 900, "temperature": 0.2}  # noqa: RUF012 - as the suite declares it
    vendor: BasetenServer

    def open_vendor(self) -> BasetenServer:
        return BasetenServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, model_endpoint=f"{vendor.url}/environments/production")

    @sentence()
    async def test_a_header_is_not_played(self, subject: TTS) -> None:
        self.vendor.wraps = True
        speech = await subject.synthesize("Good morning.", conn_options=self.patient).collect()
        assert self.heard([speech]) == "Good morning."
        assert b"RIFF" not in speech.data

    @sentence()
    async def test_a_key_that_a_refusal_repeats_is_not_in_the_error(self, subject: TTS) -> None:
        async with (
            Talkative(api_key=self.secret) as vendor,
            TTS(api_key=self.secret, model_endpoint=vendor.url) as other,
        ):
            vendor.refuse(403)
            with pytest.raises(APIStatusError) as caught:
                await other.synthesize("Hello.", conn_options=self.patient).collect()
        assert "not Api-Key ***" in str(caught.value.body)
        assert subject.provider in str(caught.value)

    @sentence()
    async def test_the_vendor_s_id_is_told(self, subject: TTS) -> None:
        [road] = self.roads(subject)
        ids = {event.request_id for event in await self._events(subject, road)}
        assert ids == {"b10c-speak"}

    def test_a_deployment_is_found_in_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BASETEN_MODEL_ENDPOINT", "https://model-a.example/predict")
        assert TTS(api_key="a").model == "model-a"
        monkeypatch.delenv("BASETEN_MODEL_ENDPOINT")
        with pytest.raises(ValueError, match="BASETEN_MODEL_ENDPOINT"):
            TTS(api_key="a")

    def test_there_is_no_option_for_what_the_deployment_decides(self) -> None:
        with pytest.raises(TypeError, match="sample_rate"):
            TTS(api_key="a", model_endpoint="http://a.example").update_options(sample_rate=8000)
