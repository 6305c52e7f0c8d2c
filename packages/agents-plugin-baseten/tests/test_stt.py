"""Transcription at Baseten, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from aiohttp import web

from agents_core import APIConnectOptions
from agents_core.audio import AudioFrame, combine, silence
from agents_core.errors import APIConnectionError
from agents_core.testing.stt import STTSuite
from agents_core.testing.suite import sentence
from agents_core.testing.tones import speak
from agents_core.testing.watching import until
from agents_plugin_baseten import STT
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.baseten import BasetenServer

WORDS = speak("Good morning.", sample_rate=16_000)
CHUNK = 2 * 512


class Dead(BasetenServer):
    """Opens sockets, and says nothing any more, not even to pings."""

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.get("/", self._open_and_be_silent)]

    async def _open_and_be_silent(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        async for _ in socket:
            continue
        return socket


class TestSTT(STTSuite):
    streaming = interim = times = words = True
    whole = flushes = False
    options = {"language": "fr", "vad_threshold": 0.7, "prompt": "geese"}  # noqa: RUF012 - as the suite declares it
    vendor: BasetenServer

    def open_vendor(self) -> BasetenServer:
        return BasetenServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> STT:
        return STT(api_key=self.secret, model_endpoint=vendor.url)

    def create_without_interim(self, vendor: LocalVendor) -> STT:
        return STT(api_key=self.secret, model_endpoint=vendor.url, enable_partial_transcripts=False)

    def say(self, text: str, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
        """In whole chunks, so that none has to be filled up; see the sentence about that."""
        spoken = speak(text, sample_rate=sample_rate, num_channels=num_channels)
        chunk = 512 * sample_rate // 16_000
        rest = -spoken.samples_per_channel % chunk / sample_rate
        return combine([spoken, silence(rest, sample_rate=sample_rate, num_channels=num_channels)])

    @sentence()
    async def test_the_last_chunk_is_filled_up_with_silence(self, subject: STT) -> None:
        assert len(WORDS.data) % CHUNK
        await self._hear(subject, WORDS)
        heard = self.vendor.sound_received()
        assert len(heard) % CHUNK == 0
        assert heard.startswith(WORDS.data)
        assert not any(heard[len(WORDS.data) :])

    @sentence()
    async def test_another_rate_has_chunks_of_the_same_time(self, subject: STT) -> None:
        endpoint = self.vendor.url
        async with STT(api_key=self.secret, model_endpoint=endpoint, sample_rate=8000) as other:
            events = await self._hear(other, speak("Good morning.", sample_rate=8000))
        assert events[-1].text == "Good morning."
        assert subject.sample_rate == 16_000

    @sentence()
    async def test_segments_have_times_where_words_have_none(self, subject: STT) -> None:
        subject.update_options(show_word_timestamps=False)
        assert subject.capabilities.aligned_transcript == "chunk"
        [data] = (await self._hear(subject, WORDS))[-1].alternatives
        [segment] = data.words
        assert segment.text == data.text == "Good morning."
        assert (segment.start_time, segment.end_time) == (data.start_time, data.end_time)

    @sentence()
    async def test_the_last_word_ends_the_stream_whether_or_not_the_line_is_closed(
        self, subject: STT
    ) -> None:
        self.vendor.lingers = True
        async with asyncio.timeout(self.patience):
            events = await self._hear(subject, WORDS)
        assert events[-1].text == "Good morning."

    @sentence()
    async def test_another_line_goes_on_where_baseten_takes_its_leave(self, subject: STT) -> None:
        self.vendor.goodbyes = 1
        async with subject.stream(conn_options=self.again) as stream:
            stream.push_frame(WORDS)
            await until(lambda: self.vendor.requests() == 2, "there is another line", within=1)
            stream.end_input()
            texts = [event.text async for event in stream]
        assert texts[-1] == "Good morning."

    @sentence()
    async def test_what_was_not_told_before_baseten_hung_up_is_told_over_another_line(
        self, subject: STT
    ) -> None:
        self.vendor.goodbyes = 1
        async with subject.stream(conn_options=self.again) as stream:
            stream.push_frame(WORDS)
            stream.end_input()
            texts = [event.text async for event in stream]
        assert texts[-1] == "Good morning."
        assert self.vendor.requests() == 2

    @sentence()
    async def test_a_transcript_that_tells_no_language_is_of_the_one_asked_for(
        self, subject: STT
    ) -> None:
        self.vendor.tells_language = False
        async with subject.stream(language="fr", conn_options=self.patient) as stream:
            await self._push(stream, WORDS)
            languages = {event.alternatives[0].language async for event in stream}
        assert languages == {"fr"}

    @sentence()
    async def test_a_line_that_went_dead_is_noticed(self, subject: STT) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("agents_plugin_baseten._client._HEARTBEAT", 0.05)
            async with (
                Dead(api_key=self.secret) as vendor,
                STT(api_key=self.secret, model_endpoint=vendor.url) as other,
                other.stream(conn_options=APIConnectOptions(max_retry=0)) as stream,
            ):
                stream.push_frame(WORDS)
                async with asyncio.timeout(self.patience):
                    with pytest.raises(APIConnectionError):
                        await anext(stream)
        assert subject.provider == "Baseten"

    @sentence()
    async def test_partial_transcripts_are_asked_for(self, subject: STT) -> None:
        subject.update_options(
            partial_transcript_interval_s=0.25, final_transcript_max_duration_s=20
        )
        await self._hear(subject, WORDS)
        asked = self.vendor.settings()
        assert asked["enable_partial_transcripts"] is True
        assert asked["partial_transcript_interval_s"] == 0.25
        assert asked["final_transcript_max_duration_s"] == 20

    @pytest.mark.parametrize(
        ("options", "environ", "model"),
        [
            ({"model_endpoint": "wss://model-a.example/x"}, {}, "model-a"),
            ({"model_endpoint": "ws://a.example", "model_id": "b"}, {}, "a.example"),
            ({"model_id": "b"}, {"BASETEN_MODEL_ENDPOINT": "wss://c.example"}, "model-b"),
            ({"chain_id": "d"}, {}, "chain-d"),
            (
                {},
                {"BASETEN_MODEL_ENDPOINT": "wss://c.example", "BASETEN_STT_MODEL_ID": "e"},
                "c.example",
            ),
            ({}, {"BASETEN_STT_MODEL_ID": "e"}, "model-e"),
        ],
    )
    def test_a_deployment_is_found_by_what_is_given_first(
        self,
        options: dict[str, str],
        environ: dict[str, str],
        model: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for variable in ("BASETEN_MODEL_ENDPOINT", "BASETEN_STT_MODEL_ID"):
            monkeypatch.delenv(variable, raising=False)
        for variable, value in environ.items():
            monkeypatch.setenv(variable, value)
        assert STT(api_key="a", **options).model == model  # type: ignore[arg-type]

    def test_without_a_deployment_there_is_nothing_to_ask(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable in ("BASETEN_MODEL_ENDPOINT", "BASETEN_STT_MODEL_ID"):
            monkeypatch.delenv(variable, raising=False)
        with pytest.raises(ValueError, match="BASETEN_MODEL_ENDPOINT"):
            STT(api_key="a")

    def test_the_sample_rate_stays(self) -> None:
        with pytest.raises(TypeError, match="sample rate"):
            STT(api_key="a", model_id="b").update_options(sample_rate=8000)
