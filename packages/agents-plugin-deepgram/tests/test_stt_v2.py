"""Deepgram's Flux, against a server that speaks its protocol."""

from __future__ import annotations

import pytest

from agents_core.audio import combine, silence
from agents_core.errors import APIStatusError
from agents_core.stt import SpeechEventType
from agents_core.testing.stt import STTSuite
from agents_core.testing.suite import sentence
from agents_core.testing.tones import speak
from agents_plugin_deepgram import STTv2
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.deepgram import DeepgramServer

WORDS = speak("Good morning.", sample_rate=16_000)


class TestSTTv2(STTSuite):
    streaming = interim = speech_events = times = words = usage = True
    whole = flushes = False
    timeout = 0.25
    options = {"eot_timeout_ms": 900, "tags": ("a b", "c&d")}  # noqa: RUF012 - as the suite declares it
    vendor: DeepgramServer

    def open_vendor(self) -> DeepgramServer:
        return DeepgramServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> STTv2:
        return STTv2(model="flux-general-multi", api_key=self.secret, base_url=vendor.url)

    @sentence()
    async def test_a_model_of_one_language_is_not_told_which(self, subject: STTv2) -> None:
        subject.update_options(model="flux-general-en")
        async with subject.stream(language="en-US", conn_options=self.patient) as stream:
            await self._push(stream, WORDS)
            assert [event async for event in stream if event.alternatives]
        assert self.vendor.settings()["language"] is None
        subject.update_options(language_hint="de")
        with pytest.raises(APIStatusError, match="400"):
            await self._hear(subject, WORDS)

    @sentence()
    async def test_a_turn_that_is_about_to_end_makes_a_preflight(self, subject: STTv2) -> None:
        subject.update_options(eager_eot_threshold=0.4, keyterm="morning")
        sound = combine([WORDS, silence(self.pause, sample_rate=16_000)])
        events = [event for event in await self._hear(subject, sound) if not event.usage]
        kinds = [event.type for event in events]
        assert kinds[0] == SpeechEventType.START_OF_SPEECH
        assert kinds[-3:] == [
            SpeechEventType.PREFLIGHT_TRANSCRIPT,
            SpeechEventType.FINAL_TRANSCRIPT,
            SpeechEventType.END_OF_SPEECH,
        ]
        assert events[-3].text == events[-2].text == "Good morning."
        assert {event.request_id for event in events} == {"0b7c44a1-flux"}
        assert self.vendor.settings()["eager_eot_threshold"] == pytest.approx(0.4)

    @sentence()
    async def test_a_turn_that_goes_on_when_the_input_ends_is_told_to_its_end(
        self, subject: STTv2
    ) -> None:
        subject.update_options(eager_eot_threshold=0.4)
        events = [event for event in await self._hear(subject, WORDS) if not event.usage]
        assert [event.type for event in events[-2:]] == [
            SpeechEventType.FINAL_TRANSCRIPT,
            SpeechEventType.END_OF_SPEECH,
        ]
        assert events[-2].text == "Good morning."
        assert SpeechEventType.PREFLIGHT_TRANSCRIPT not in {event.type for event in events}

    @sentence()
    async def test_flux_is_told_nothing_that_it_does_not_know(self, subject: STTv2) -> None:
        async with subject.stream(conn_options=self.patient) as stream:
            stream.push_frame(WORDS)
            stream.flush()
            await self._push(stream, WORDS)
            assert [event async for event in stream]
        assert self.vendor.told == ["CloseStream"]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"tags": ["x" * 129]}, "128"),
            ({"eager_eot_threshold": 0.8}, "eot_threshold 0.7"),
            ({"eager_eot_threshold": 0.6, "eot_threshold": 0.5}, "eot_threshold 0.5"),
        ],
    )
    def test_options_that_flux_refuses_are_refused_at_once(
        self, options: dict[str, object], words: str
    ) -> None:
        with pytest.raises(ValueError, match=words):
            STTv2(api_key="a", **options)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=words):
            STTv2(api_key="a").update_options(**options)

    def test_the_sample_rate_stays(self) -> None:
        with pytest.raises(TypeError, match="sample rate"):
            STTv2(api_key="a").update_options(sample_rate=8000)
