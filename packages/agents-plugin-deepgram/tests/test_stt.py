"""Deepgram's transcription, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from agents_core import APIConnectOptions
from agents_core.audio import combine, silence
from agents_core.errors import AgentsError, APIConnectionError, APIStatusError
from agents_core.stt import SpeechEventType
from agents_core.testing.feeding import cut_sound
from agents_core.testing.stt import FINAL, STTSuite
from agents_core.testing.suite import sentence
from agents_core.testing.tones import speak
from agents_core.testing.watching import until
from agents_plugin_deepgram import STT
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.deepgram import DeepgramServer

WORDS = speak("Good morning.", sample_rate=16_000)


class Anxious(STT):
    keep_alive = 0.02


class Talkative(DeepgramServer):
    """Repeats in a refusal who was refused."""

    def refusal(self, status: int) -> Mapping[str, object]:
        return {"err_msg": f"{status}: not {self.seen[-1].headers['Authorization']}"}


class Dead(DeepgramServer):
    """Opens sockets, and says nothing any more, not even to pings."""

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.get("/v1/listen", self._open_and_be_silent)]

    async def _open_and_be_silent(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        async for _ in socket:
            continue
        return socket


class TestSTT(STTSuite):
    streaming = interim = speech_events = times = words = usage = True
    retry_after, timeout = 0.2, 0.25
    options = {"language": "fr", "keyterm": ("C++ & co?", "50 %")}  # noqa: RUF012 - as the suite declares it
    vendor: DeepgramServer

    def open_vendor(self) -> DeepgramServer:
        return DeepgramServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> STT:
        return STT(api_key=self.secret, base_url=vendor.url)

    def create_without_interim(self, vendor: LocalVendor) -> STT:
        return STT(api_key=self.secret, base_url=vendor.url, interim_results=False)

    @sentence()
    async def test_a_query_in_the_base_url_goes_along(self, subject: STT) -> None:
        async with STT(api_key=self.secret, base_url=f"{self.vendor.url}/?kept=a+b%2F") as other:
            await other.recognize(WORDS)
            await self._hear(other, WORDS)
        for url in self.vendor.urls():
            query = parse_qs(urlsplit(url).query)
            assert query["kept"] == ["a b/"]
            assert query["model"] == [subject.model]

    @sentence()
    async def test_deepgram_is_told_what_comes_and_when_nothing_more_does(
        self, subject: STT
    ) -> None:
        await self._hear(subject, WORDS)
        assert self.vendor.told == ["Finalize", "CloseStream"]

    @sentence()
    async def test_a_silent_line_is_kept(self, subject: STT) -> None:
        self.vendor.patience = 0.2
        async with (
            Anxious(api_key=self.secret, base_url=self.vendor.url) as other,
            other.stream(conn_options=self.patient) as stream,
        ):
            await asyncio.sleep(2 * self.vendor.patience)
            await self._push(stream, WORDS)
            heard = [event.text async for event in stream if event.alternatives]
        assert heard[-1] == "Good morning."
        assert self.vendor.requests() == 1
        assert self.vendor.told.count("KeepAlive") > 5
        assert other.keep_alive < subject.keep_alive < 10

    @sentence()
    async def test_the_reason_why_deepgram_hangs_up_is_heard(self, subject: STT) -> None:
        self.vendor.deaf = True
        with pytest.raises(APIStatusError) as caught:
            await _hear_much(subject, self.again)
        assert caught.value.status_code == 1008
        assert "DATA-0000" in str(caught.value.body)
        assert not caught.value.retryable
        assert self.vendor.requests() == 1

    @sentence()
    async def test_another_line_goes_on_where_deepgram_takes_its_leave(self, subject: STT) -> None:
        self.vendor.goodbyes = 1
        async with subject.stream(conn_options=self.again) as stream:
            for frame in cut_sound(WORDS, samples=800):
                stream.push_frame(frame)
            await until(lambda: self.vendor.requests() == 2, "there is another line", within=1)
            stream.end_input()
            events = [event async for event in stream]
        assert [event.text for event in events if event.type == FINAL] == ["Good morning."]
        assert [event.type for event in events].count(SpeechEventType.END_OF_SPEECH) == 1
        assert self.vendor.requests() == 2

    @sentence()
    async def test_what_was_not_told_before_deepgram_hung_up_is_told_over_another_line(
        self, subject: STT
    ) -> None:
        self.vendor.goodbyes = 1
        async with subject.stream(conn_options=self.again) as stream:
            for frame in cut_sound(WORDS, samples=800):
                stream.push_frame(frame)
            stream.end_input()
            texts = [event.text async for event in stream if event.type == FINAL]
        assert texts == ["Good morning."]
        assert self.vendor.requests() == 2

    @sentence()
    async def test_a_summary_that_comes_early_ends_nothing(self, subject: STT) -> None:
        self.vendor.summarizes = True
        async with subject.stream(conn_options=self.patient) as stream:
            await asyncio.sleep(0.05)
            await self._push(stream, WORDS)
            texts = [event.text async for event in stream if event.type == FINAL]
        assert texts == ["Good morning."]
        assert self.vendor.requests() == 1

    @sentence()
    async def test_speakers_are_told_apart_where_that_is_asked_for(self, subject: STT) -> None:
        async with STT(
            api_key=self.secret, base_url=self.vendor.url, enable_diarization=True
        ) as other:
            events = await self._hear(other, WORDS)
            assert other.capabilities.diarization
        said = [event for event in events if event.alternatives]
        speakers = {(event.type, event.alternatives[0].speaker_id) for event in said}
        assert speakers == {
            (SpeechEventType.INTERIM_TRANSCRIPT, None),
            (SpeechEventType.FINAL_TRANSCRIPT, "S1"),
        }
        assert not subject.capabilities.diarization

    @sentence()
    async def test_every_event_of_speech_has_the_vendor_s_id(self, subject: STT) -> None:
        events = await self._hear(subject, WORDS)
        ids = {event.request_id for event in events if event.alternatives or event.usage}
        assert ids == {"f8a1c8f2-listen"}
        assert (await subject.recognize(WORDS)).request_id == "f8a1c8f2-listen"

    @sentence()
    async def test_a_language_is_found_out_in_whole_recordings_alone(self, subject: STT) -> None:
        async with STT(
            api_key=self.secret, base_url=self.vendor.url, detect_language=True
        ) as other:
            detected = await other.recognize(WORDS)
            given = await other.recognize(WORDS, language="de")
            with pytest.raises(AgentsError, match="whole recordings only"):
                other.stream()
        assert detected.alternatives[0].language == "es"
        assert given.alternatives[0].language == "de"
        assert subject.capabilities.streaming

    @sentence()
    async def test_an_option_that_deepgram_does_not_take_is_not_tried_again(
        self, subject: STT
    ) -> None:
        subject.update_options(utterance_end_ms="soon")
        with pytest.raises(APIStatusError, match="400") as caught:
            await _hear_much(subject, self.again)
        assert self.vendor.requests() == 0
        assert not caught.value.retryable

    def test_the_sample_rate_stays(self) -> None:
        with pytest.raises(TypeError, match="sample rate"):
            STT(api_key="a").update_options(sample_rate=8000)
        with pytest.raises(TypeError, match="loudness"):
            STT(api_key="a").update_options(loudness=3)

    @sentence()
    async def test_sound_goes_in_messages_of_a_tenth_of_a_second_at_most(
        self, subject: STT
    ) -> None:
        async with subject.stream(conn_options=self.patient) as stream:
            stream.push_frame(silence(1.0, sample_rate=16_000))
            stream.push_frame(silence(0.03, sample_rate=16_000))
            stream.end_input()
            assert [event async for event in stream]
        assert self.vendor.longest == 2 * 1600

    @sentence()
    async def test_usage_is_told_while_somebody_speaks(self, subject: STT) -> None:
        speech = combine([WORDS, silence(3.0, sample_rate=16_000)])
        events = await self._hear(subject, combine([speech, speech, speech, WORDS]))
        told = [event.usage.audio_duration for event in events if event.usage]
        assert len(told) > 1
        assert sum(told) == pytest.approx(3 * speech.duration + WORDS.duration, abs=0.01)

    @sentence()
    async def test_a_line_that_went_dead_is_noticed(self, subject: STT) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("agents_plugin_deepgram._client._HEARTBEAT", 0.05)
            async with (
                Dead(api_key=self.secret) as vendor,
                STT(api_key=self.secret, base_url=vendor.url) as other,
                other.stream(conn_options=APIConnectOptions(max_retry=0)) as stream,
            ):
                stream.push_frame(WORDS)
                async with asyncio.timeout(self.patience):
                    with pytest.raises(APIConnectionError):
                        await anext(stream)
        assert subject.provider == "Deepgram"

    @sentence()
    async def test_a_key_that_a_refusal_repeats_is_not_in_the_error(self, subject: STT) -> None:
        async with (
            Talkative(api_key=self.secret) as vendor,
            STT(api_key=self.secret, base_url=vendor.url) as other,
        ):
            vendor.refuse(403)
            with pytest.raises(APIStatusError) as caught:
                await other.recognize(WORDS, conn_options=self.patient)
        assert "not Token ***" in str(caught.value.body)
        assert subject.provider in str(caught.value)

    def test_what_it_can_do_depends_on_its_options(self) -> None:
        subject = STT(api_key="a")
        subject.update_options(interim_results=False, enable_diarization=True)
        assert not subject.capabilities.interim_results
        assert subject.capabilities.diarization
        subject.update_options(detect_language=True)
        assert not subject.capabilities.streaming

    @sentence()
    async def test_words_are_listened_for_as_the_model_can(self, subject: STT) -> None:
        subject.update_options(keywords=[("geese", 2)])
        with pytest.raises(APIStatusError, match="400"):
            await self._hear(subject, WORDS)
        subject.update_options(model="nova-2")
        assert (await self._hear(subject, WORDS))[-1]
        assert self.vendor.settings()["keywords"] == "geese:2"

    def test_a_long_tag_is_refused(self) -> None:
        with pytest.raises(ValueError, match="128"):
            STT(api_key="a", tags=["x" * 129])


async def _hear_much(subject: STT, options: APIConnectOptions) -> None:
    async with subject.stream(conn_options=options) as stream:
        for _ in range(50):
            stream.push_frame(WORDS)
            await asyncio.sleep(0.001)
        stream.end_input()
        assert not [event async for event in stream if event.alternatives]
