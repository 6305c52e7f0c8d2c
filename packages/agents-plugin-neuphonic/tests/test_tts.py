"""Neuphonic's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from agents_core import APIConnectOptions
from agents_core.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    MissingCredentialsError,
)
from agents_core.testing.tones import read
from agents_core.testing.tts import TTSSuite
from agents_core.testing.watching import until
from agents_core.tokenize import basic
from agents_core.tts import SynthesizedAudio, SynthesizeStream
from agents_plugin_neuphonic import TTS
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.neuphonic import NeuphonicServer

KEY = "a-key"
SOON = APIConnectOptions(max_retry=1, retry_interval=0.01, timeout=5.0)
ONCE = APIConnectOptions(max_retry=0, timeout=5.0)
HASTY = APIConnectOptions(max_retry=0, timeout=0.5)


class TestTTS(TTSSuite):
    streaming = True
    retry_after = 0.2
    options = {"voice_id": "another", "lang_code": "es", "speed": 0.9}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> NeuphonicServer:
        return NeuphonicServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)


def test_without_a_key_it_says_which_variable_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEUPHONIC_API_KEY", raising=False)

    with pytest.raises(MissingCredentialsError, match="NEUPHONIC_API_KEY"):
        TTS()


def test_how_sound_comes_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="encoding, sample_rate"):
        TTS(api_key=KEY).update_options(sample_rate=8000, encoding="pcm_mulaw", speed=2.0)


def test_the_key_is_in_a_header_and_the_language_in_the_path() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        await voice.synthesize("Hola.", conn_options=SOON).collect()
        await say(voice, "Hola.")

        assert [request.headers["X-API-KEY"] for request in server.seen] == [KEY, KEY]
        assert [request.path for request in server.seen] == ["/sse/speak/es", "/speak/es"]
        assert "api_key" not in server.seen[1].query

    run(ask, lang_code="es")


def test_one_socket_serves_a_stream() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        events = await say(voice, "One.", "Two.", "Three.")

        assert len(server.seen) == 1
        names = [message["context_id"] for message in server.messages]
        assert list(dict.fromkeys(names)) == unique(events, "request_id")
        assert len(unique(events, "segment_id")) == 3

    run(ask)


def test_text_goes_sentence_by_sentence_and_then_the_end() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        await say(voice, "One is here. Two is here.")

        said = [message["text"] for message in server.messages]
        assert said == ["One is here. ", "Two is here. ", "<STOP>"]

    run(ask, tokenizer=basic.SentenceTokenizer(min_sentence_len=5))


def test_a_socket_that_was_lost_between_utterances_is_opened_again() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        async with voice.stream(conn_options=SOON) as speech:
            speech.push_text("One.")
            speech.flush()
            first = await segment(speech)
            transport = server.seen[0].transport
            assert transport is not None
            transport.abort()
            speech.push_text("Two.")
            speech.end_input()
            second = await segment(speech)

        assert (heard(first), heard(second)) == ("One.", "Two.")
        assert len(server.seen) == 2

    run(ask)


def test_a_page_is_no_answer() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        server.garble()
        with pytest.raises(APIError, match="text/html instead of events"):
            await voice.synthesize("Hello.", conn_options=ONCE).collect()

    run(ask)


def test_between_utterances_there_may_be_time() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        async with voice.stream(conn_options=HASTY) as speech:
            speech.push_text("One.")
            speech.flush()
            first = await segment(speech)
            speech.push_text("T")
            await asyncio.sleep(1.5 * HASTY.timeout)
            speech.push_text("wo.")
            speech.end_input()
            second = await segment(speech)

        assert (heard(first), heard(second)) == ("One.", "Two.")
        assert len(server.seen) == 1

    run(ask)


def test_whoever_writes_may_take_their_time() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        async with voice.stream(conn_options=HASTY) as speech:
            speech.push_text("The first sentence is here. T")
            events = [await anext(speech)]
            await until(lambda: "here." in server.text_received(), "it was said", within=2.0)
            await asyncio.sleep(1.5 * HASTY.timeout)
            speech.push_text("he second one comes late.")
            speech.end_input()
            events += [event async for event in speech]

        assert b"".join(event.frame.data for event in events) == server.sound_sent()
        assert server.text_received().strip() == (
            "The first sentence is here. The second one comes late."
        )

    run(ask)


def test_a_goodbye_in_the_middle_of_an_answer_is_no_end_of_it() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
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
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("This is the first sentence. And the rest")
            await anext(speech)
        await until(lambda: not server.open_connections(), "the socket is closed", within=2.0)

        assert [told["text"] for told in server.messages] == ["This is the first sentence. "]

    run(ask)


def test_an_end_before_that_of_the_text_is_none() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("Only the first part of it comes. T")
            first = await anext(speech)
            end = {"audio": "", "stop": True, "context_id": first.request_id}
            await server.sockets[0].send_json({"status_code": 200, "data": end})
            with pytest.raises(APIError, match="before the text did"):
                async for _ in speech:
                    pass

    run(ask)


def test_a_stall_in_the_middle_of_an_answer_ends_too() -> None:
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
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
    async def ask(server: NeuphonicServer, voice: TTS) -> None:
        if written:
            events = await say(voice, "Hello.")
        else:
            async with voice.synthesize("Hello.", conn_options=SOON) as speech:
                events = [event async for event in speech]

        assert server.asked_for["sampling_rate"] == 16_000
        assert {event.frame.sample_rate for event in events} == {16_000}
        assert heard(events) == "Hello."

    run(ask, sample_rate=16_000)


def run(
    ask: Callable[[NeuphonicServer, TTS], Coroutine[Any, Any, None]],
    **options: Any,  # noqa: ANN401 - those of the voice
) -> None:
    """Tell `ask` in an event loop, with a server and a voice that talks to it."""

    async def tell() -> None:
        async with (
            asyncio.timeout(10.0),
            NeuphonicServer(api_key=KEY) as server,
            TTS(api_key=KEY, base_url=server.url, **options) as voice,
        ):
            await ask(server, voice)

    asyncio.run(tell())


async def say(voice: TTS, *texts: str) -> list[SynthesizedAudio]:
    """What comes of a stream with a segment for each text."""
    async with voice.stream(conn_options=SOON) as speech:
        for text in texts:
            speech.push_text(text)
            speech.flush()
        speech.end_input()
        return [event async for event in speech]


async def segment(speech: SynthesizeStream) -> list[SynthesizedAudio]:
    """The rest of a segment."""
    events: list[SynthesizedAudio] = []
    while not (events and events[-1].is_final):
        events.append(await anext(speech))
    return events


def heard(events: list[SynthesizedAudio]) -> str:
    """What is said, spaces at the ends aside."""
    return "".join(stretch.text for stretch in read(event.frame for event in events)).strip()


def unique(events: list[SynthesizedAudio], name: str) -> list[str]:
    """The different values of an attribute, in order."""
    return list(dict.fromkeys(getattr(event, name) for event in events))
