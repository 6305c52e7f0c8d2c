"""Gemini's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

from agents_core.testing.demands import demand_same
from agents_core.testing.dialogue import WORDS
from agents_core.testing.suite import sentence
from agents_core.testing.tts import TTSSuite
from agents_plugin_google import TTS
from agents_plugins_test.vendors.google import GoogleServer


class TestTTS(TTSSuite):
    options = {"voice_name": "Zephyr", "instructions": "Say cheerfully", "seed": 7}  # noqa: RUF012 - as the suite declares it

    vendor: GoogleServer

    def open_vendor(self) -> GoogleServer:
        return GoogleServer(api_key=self.secret)

    def create(self, vendor: GoogleServer) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)

    @sentence()
    async def test_without_instructions_the_text_is_all_that_is_sent(self, subject: TTS) -> None:
        subject.update_options(instructions=None)
        await subject.synthesize("Hello.", conn_options=self.patient).collect()

        demand_same(self.vendor.settings()["instructions"], None, "instructions")
        demand_same(self.vendor.text_received(), "Hello.", "the text")

    @sentence()
    async def test_an_answer_without_sound_is_asked_for_again(self, subject: TTS) -> None:
        self.vendor.keep_silent()
        with self._requests(self.roads(subject)[0], 2):
            sound = await subject.synthesize(WORDS, conn_options=self.again).collect()
        demand_same(self.heard([sound]), WORDS, "what was said at last")
