"""Deepgram's speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio

import pytest

from agents_core import APIConnectOptions
from agents_core.errors import APIConnectionError
from agents_core.testing.suite import sentence
from agents_core.testing.tts import TTSSuite
from agents_core.testing.watching import until
from agents_plugin_deepgram import TTS
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.deepgram import DeepgramServer


class TestTTS(TTSSuite):
    streaming = True
    retry_after, timeout = 0.2, 0.25
    options = {"model": "aura-luna-en", "mip_opt_out": True}  # noqa: RUF012 - as the suite declares it
    vendor: DeepgramServer

    def open_vendor(self) -> DeepgramServer:
        return DeepgramServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)

    @sentence()
    async def test_all_segments_of_a_stream_are_said_over_one_socket(self, subject: TTS) -> None:
        async with subject.stream(conn_options=self.patient) as speech:
            for text in ("One. ", "Two. ", "Three. "):
                speech.push_text(text)
                speech.flush()
            speech.end_input()
            segments = {event.segment_id async for event in speech}
        assert len(segments) == 3
        assert self.vendor.requests() == 1
        assert self.vendor.told.count("Flush") == 3

    @sentence()
    async def test_words_are_told_whole(self, subject: TTS) -> None:
        async with subject.stream(conn_options=self.patient) as speech:
            for piece in ("Good mo", "rning, wor", "ld", "!"):
                speech.push_text(piece)
            speech.end_input()
            assert [event async for event in speech]
        assert self.vendor.texts == ["Good ", "morning, ", "world!"]

    @sentence()
    async def test_a_stream_that_ends_late_ends_well(self, subject: TTS) -> None:
        async with subject.stream(conn_options=self.patient) as speech:
            speech.push_text("Good morning.")
            speech.flush()
            async for event in speech:
                if event.is_final:
                    break
            await asyncio.sleep(0.05)
            speech.end_input()
            assert [event async for event in speech] == []
        assert self.vendor.told[-1] == "Close"

    @sentence()
    async def test_who_writes_may_pause_for_longer_than_the_timeout(self, subject: TTS) -> None:
        brief = APIConnectOptions(max_retry=0, timeout=0.1)
        async with subject.stream(conn_options=brief) as speech:
            for text in ("One.", "Two."):
                speech.push_text(text)
                speech.flush()
                await asyncio.sleep(2 * brief.timeout)
            speech.end_input()
            assert len({event.segment_id async for event in speech}) == 2

    @sentence()
    async def test_another_socket_goes_on_where_deepgram_takes_its_leave(
        self, subject: TTS
    ) -> None:
        self.vendor.goodbyes = 1
        async with subject.stream(conn_options=self.again) as speech:
            speech.push_text("One.")
            speech.flush()
            await until(lambda: self.vendor.requests() == 2, "there is another one", within=1)
            speech.push_text("Two.")
            speech.end_input()
            frames = [event.frame async for event in speech]
        assert self.heard(frames).replace(" ", "") == "One.Two."

    @sentence()
    async def test_a_goodbye_in_the_middle_of_a_segment_does_not_pass_for_its_end(
        self, subject: TTS
    ) -> None:
        self.vendor.falters = True
        async with subject.stream(conn_options=self.again) as speech:
            speech.push_text("Good morning.")
            speech.end_input()
            with pytest.raises(APIConnectionError, match="hung up"):
                assert not [event async for event in speech if event.is_final]

    @sentence()
    async def test_more_segments_than_a_socket_takes_are_said_over_another(
        self, subject: TTS
    ) -> None:
        slow = APIConnectOptions(max_retry=1, timeout=2 * self.patience, retry_interval=0.01)
        async with subject.stream(conn_options=slow) as speech:
            for _ in range(21):
                speech.push_text("A")
                speech.flush()
            speech.end_input()
            async with asyncio.timeout(self.patience):  # the warning is heard, not waited out
                segments = {event.segment_id async for event in speech}
        assert len(segments) == 21
        assert self.vendor.requests() == 2

    @sentence()
    async def test_a_segment_whose_end_is_told_twice_ends_once(self, subject: TTS) -> None:
        self.vendor.repeats = True
        async with subject.stream(conn_options=self.patient) as speech:
            for text in ("One. ", "Two. "):
                speech.push_text(text)
                speech.flush()
                async for event in speech:
                    if event.is_final:
                        break
                await asyncio.sleep(0.02)
            speech.end_input()
            async with asyncio.timeout(self.patience):
                assert [event async for event in speech] == []

    @sentence()
    async def test_a_text_of_any_length_is_said(self, subject: TTS) -> None:
        text = "A. " * 700
        speech = await subject.synthesize(text, conn_options=self.patient).collect()
        assert speech.duration > 1
        assert "".join(self.vendor.texts) == text
        assert self.vendor.requests() == 2

    @sentence()
    async def test_a_header_is_not_played_whoever_sends_it(self, subject: TTS) -> None:
        self.vendor.wraps = True
        speech = await subject.synthesize("Good morning.", conn_options=self.patient).collect()
        assert self.heard([speech]) == "Good morning."
        assert b"RIFF" not in speech.data
        long = await subject.synthesize("A. " * 700, conn_options=self.patient).collect()
        assert b"RIFF" not in long.data

    @sentence()
    async def test_the_vendor_s_id_is_told(self, subject: TTS) -> None:
        for road in self.roads(subject):
            ids = {event.request_id for event in await self._events(subject, road)}
            assert ids == {"5d2e90b7-speak"}

    def test_the_sample_rate_stays(self) -> None:
        with pytest.raises(TypeError, match="sample rate"):
            TTS(api_key="a").update_options(sample_rate=8000)
