"""Resemble's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import pytest

from agents_core import APIConnectOptions, tts
from agents_core.errors import (
    AgentsError,
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    MissingCredentialsError,
)
from agents_core.testing.roads import Road
from agents_core.testing.tones import read
from agents_core.testing.tts import TTSSuite
from agents_core.testing.watching import until
from agents_core.tokenize import SentenceTokenizer, basic
from agents_core.tts import SynthesizedAudio
from agents_plugin_resemble import TTS
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.resemble import ResembleServer

KEY = "a-key"
ONCE = APIConnectOptions(max_retry=0, timeout=5.0)
HASTY = APIConnectOptions(max_retry=0, timeout=0.5)


class TestTTS(TTSSuite):
    streaming = True
    retry_after = 0.2
    options = {"voice_uuid": "another", "use_hd": True}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> ResembleServer:
        return ResembleServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)

    def roads(self, subject: tts.TTS) -> tuple[Road, ...]:
        """Resemble answers a whole text in one piece of JSON."""
        whole, stream = super().roads(subject)
        return dataclasses.replace(whole, piecewise=False), stream


class AsItComes(SentenceTokenizer):
    """Keeps nothing back for the end."""

    def splitter(self, *, language: str | None = None) -> AsItComes:
        return self

    def push(self, text: str) -> Iterable[str]:
        return [text]

    def flush(self) -> Iterable[str]:
        return []


def test_without_a_key_it_says_which_variable_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESEMBLE_API_KEY", raising=False)

    with pytest.raises(MissingCredentialsError, match="RESEMBLE_API_KEY"):
        TTS()


def test_how_sound_comes_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="precision, sample_rate"):
        TTS(api_key=KEY).update_options(sample_rate=8000, precision="MULAW", use_hd=True)


def test_a_model_that_is_not_chosen_is_that_of_the_voice() -> None:
    assert TTS(api_key=KEY, voice_uuid="v").model == "of voice v"
    assert TTS(api_key=KEY, model="chatterbox-turbo").model == "chatterbox-turbo"


def test_without_the_websocket_it_says_whole_texts_alone() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        assert not voice.capabilities.streaming
        with pytest.raises(AgentsError, match="whole texts only"):
            voice.stream()
        await voice.synthesize("Hello.", conn_options=ONCE).collect()

        assert [request.path for request in server.seen] == ["/synthesize"]

    run(ask, use_streaming=False)


def test_the_websocket_can_be_at_another_place() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        async with ResembleServer(api_key=KEY) as other:
            apart = TTS(api_key=KEY, base_url=server.url, stream_url=other.url)
            async with apart:
                await apart.synthesize("Whole.", conn_options=ONCE).collect()
                await say(apart, "Written.")
            await say(voice, "At home.")

            assert [request.path for request in other.seen] == ["/stream"]
        assert [request.path for request in server.seen] == ["/synthesize", "/stream"]

    run(ask)


def test_one_socket_serves_a_stream_sentence_by_sentence() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        events = await say(voice, "One is here. Two is here.", "Three is.")

        assert len(server.seen) == 1
        said = [(asked["request_id"], asked["data"]) for asked in server.asks]
        assert said == [(0, "One is here."), (1, "Two is here."), (2, "Three is.")]
        assert b"".join(event.frame.data for event in events) == server.sound_sent()
        assert len({event.segment_id for event in events}) == 2

    run(ask, tokenizer=basic.SentenceTokenizer(min_sentence_len=5))


def test_a_segment_may_end_after_all_of_it_was_said() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("One.")
            first = await anext(speech)
            await until(lambda: server.ended == 1, "all was said", within=2.0)
            await asyncio.sleep(0.05)  # for the last message to be read
            speech.end_input()
            events = [first, *[event async for event in speech]]

        assert heard(events) == ["One."]
        assert [event.is_final for event in events] == [False] * (len(events) - 1) + [True]

    run(ask, tokenizer=AsItComes())


def test_a_failure_told_in_the_answer_is_raised() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        server.complain(times=2)
        with pytest.raises(APIError, match="no such voice"):
            await voice.synthesize("Hello.", conn_options=ONCE).collect()
        with pytest.raises(APIStatusError, match="BadRequest: no such voice") as caught:
            await say(voice, "Hello.")

        assert (caught.value.status_code, caught.value.retryable) == (400, False)

    run(ask)


def test_whoever_writes_may_take_their_time() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        async with voice.stream(conn_options=HASTY) as speech:
            speech.push_text("The first sentence is here. T")
            events = [await anext(speech)]
            await until(lambda: "here." in server.text_received(), "it was said", within=2.0)
            await asyncio.sleep(1.5 * HASTY.timeout)
            speech.push_text("he second one comes late.")
            speech.end_input()
            events += [event async for event in speech]

        assert b"".join(event.frame.data for event in events) == server.sound_sent()
        assert [asked["data"] for asked in server.asks] == [
            "The first sentence is here.",
            "The second one comes late.",
        ]

    run(ask)


def test_a_goodbye_in_the_middle_of_an_answer_is_no_end_of_it() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        server.hold()
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("Only the first part of it comes.")
            speech.end_input()
            await anext(speech)
            closing = asyncio.create_task(server.sockets[0].close(), name="goodbye")
            with pytest.raises(APIConnectionError, match="hung up"):
                async for _ in speech:
                    pass
            await closing

    run(ask)


def test_of_a_stream_that_is_left_early_the_rest_is_not_said() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("This is the first sentence. And the rest")
            await anext(speech)
            await asyncio.sleep(0.05)  # all of it comes, and nothing more is owed
        await until(lambda: not server.open_connections(), "the socket is closed", within=2.0)

        assert [asked["data"] for asked in server.asks] == ["This is the first sentence."]

    run(ask)


def test_a_stall_in_the_middle_of_an_answer_ends_too() -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        server.hold()
        async with voice.stream(conn_options=HASTY) as speech:
            speech.push_text("Only the first part of it comes. T")
            await anext(speech)
            speech.end_input()
            with pytest.raises(APITimeoutError):
                async for _ in speech:
                    pass

    run(ask)


@pytest.mark.parametrize("written", [True, False])
def test_the_sample_rate_is_that_of_the_sound(written: bool) -> None:
    async def ask(server: ResembleServer, voice: TTS) -> None:
        if written:
            events = await say(voice, "Hello.")
        else:
            async with voice.synthesize("Hello.", conn_options=ONCE) as speech:
                events = [event async for event in speech]

        assert server.asked_for["sample_rate"] == 16_000
        assert {event.frame.sample_rate for event in events} == {16_000}
        assert heard(events) == ["Hello."]

    run(ask, sample_rate=16_000)


def run(
    ask: Callable[[ResembleServer, TTS], Coroutine[Any, Any, None]],
    **options: Any,  # noqa: ANN401 - those of the voice
) -> None:
    """Tell `ask` in an event loop, with a server and a voice that talks to it."""

    async def tell() -> None:
        async with (
            asyncio.timeout(10.0),
            ResembleServer(api_key=KEY) as server,
            TTS(api_key=KEY, base_url=server.url, **options) as voice,
        ):
            await ask(server, voice)

    asyncio.run(tell())


async def say(voice: TTS, *texts: str) -> list[SynthesizedAudio]:
    """What comes of a stream with a segment for each text."""
    async with voice.stream(conn_options=ONCE) as speech:
        for text in texts:
            speech.push_text(text)
            speech.flush()
        speech.end_input()
        return [event async for event in speech]


def heard(events: list[SynthesizedAudio]) -> list[str]:
    """What is said, sentence by sentence."""
    return [stretch.text for stretch in read(event.frame for event in events)]
