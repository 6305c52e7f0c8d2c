"""Cartesia's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from agents_core import APIConnectOptions, tts
from agents_core.errors import (
    APIConnectionError,
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
from agents_plugin_cartesia import TTS, models
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.cartesia import CartesiaServer

KEY = "a-key"
ONCE = APIConnectOptions(max_retry=0, timeout=5.0)
HASTY = APIConnectOptions(max_retry=0, timeout=0.5)


class TestTTS(TTSSuite):
    """Each road in a class of its own: how long to wait is told where a socket is opened alone."""

    streaming = words = True
    retry_after = 0.2
    options = {"voice": "another", "volume": 1.5}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> CartesiaServer:
        return CartesiaServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)

    def roads(self, subject: tts.TTS) -> tuple[Road, ...]:
        return super().roads(subject)[-1:]


class TestWholeTexts(TestTTS):
    def roads(self, subject: tts.TTS) -> tuple[Road, ...]:
        return super(TestTTS, self).roads(subject)[:1]


class TestWholeTextsWithoutWords(TestWholeTexts):
    words = False

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url, word_timestamps=False)


class AsItComes(SentenceTokenizer):
    """Keeps nothing back for the end."""

    def splitter(self, *, language: str | None = None) -> AsItComes:
        return self

    def push(self, text: str) -> Iterable[str]:
        return [text]

    def flush(self) -> Iterable[str]:
        return []


def test_without_a_key_it_says_which_variable_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARTESIA_API_KEY", raising=False)

    with pytest.raises(MissingCredentialsError, match="CARTESIA_API_KEY"):
        TTS()


def test_what_streams_rely_on_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="sample_rate"):
        TTS(api_key=KEY).update_options(voice="another", sample_rate=8000)


def test_key_and_version_are_sent_in_headers() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await voice.synthesize("Hello.", conn_options=ONCE).collect()

        assert [request.headers["X-API-Key"] for request in server.seen] == [KEY]
        assert [request.headers["Cartesia-Version"] for request in server.seen] == ["2024-11-13"]
        assert [request.path_qs for request in server.seen] == ["/tts/websocket"]

    run(ask, api_version=models.EMBEDDINGS_API_VERSION)


def test_one_socket_serves_all_streams() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await asyncio.gather(*(say(voice, text) for text in ("One.", "Two.", "Three.")))
        await say(voice, "Four.")

        assert len(server.sockets) == 1
        assert len({asked["context_id"] for asked in server.asks}) == 4

    run(ask)


def test_the_socket_may_be_open_before_the_first_word() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        voice.prewarm()
        await until(lambda: len(server.sockets) == 1, "the socket is open", within=5)
        await say(voice, "One.")
        assert len(server.sockets) == 1

    run(ask)


def test_each_segment_is_a_context_which_is_the_request_id() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        events = await say(voice, "One.", "Two.")

        contexts = [asked["context_id"] for asked in server.asks]
        assert sorted(set(contexts), key=contexts.index) == unique(events, "request_id")
        assert len(unique(events, "segment_id")) == 2

    run(ask)


def test_text_goes_sentence_by_sentence_and_the_last_one_says_so() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "This is the first sentence. And this is the second one. End.")

        said = [(asked["transcript"], asked["continue"]) for asked in server.asks]
        assert said == [
            ("This is the first sentence. ", True),
            ("And this is the second one. ", True),
            ("End.", False),
        ]

    run(ask)


def test_sentences_do_not_run_together_whatever_cuts_them() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "One is here. Two is here. Three is.")

        assert server.text_received() == "One is here. Two is here. Three is."

    run(ask, tokenizer=basic.SentenceTokenizer(min_sentence_len=5))


def test_sentences_that_wait_for_the_end_are_all_sent_then() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "One is here. Two is here. Three is.")

        said = [(asked["transcript"], asked["continue"]) for asked in server.asks]
        assert said == [("One is here. ", True), ("Two is here. ", True), ("Three is.", False)]

    run(ask, tokenizer=basic.SentenceTokenizer(min_sentence_len=5, stream_context_len=100))


def test_a_segment_whose_text_was_all_sent_ends_with_an_empty_transcript() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "As it comes.")

        said = [(asked["transcript"], asked["continue"]) for asked in server.asks]
        assert said == [("As it comes. ", True), ("", False)]

    run(ask, tokenizer=AsItComes())


def test_a_stream_that_is_left_early_cancels_its_context_alone() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "First.")
        server.hold()
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("A second sentence, which is left.")
            speech.flush()
            await anext(speech)
        await until(lambda: server.cancelled, "a context is cancelled", within=2.0)
        server.release()
        await say(voice, "Third.")

        assert server.cancelled == [server.asks[1]["context_id"]]
        assert len(server.sockets) == 1

    run(ask)


def test_of_a_stream_that_is_left_early_the_rest_is_not_said() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("This is the first sentence. And the rest")
            await anext(speech)
        await until(lambda: server.cancelled, "a context is cancelled", within=2.0)

        assert [asked["transcript"] for asked in server.asks] == ["This is the first sentence. "]

    run(ask)


def test_a_given_session_is_left_open_and_the_socket_is_not() -> None:
    async def ask(server: CartesiaServer, _: TTS) -> None:
        async with aiohttp.ClientSession() as session:
            async with TTS(api_key=KEY, base_url=server.url, http_session=session) as voice:
                await say(voice, "Hello.")
            await until(lambda: server.sockets[0].closed, "the socket is closed", within=2.0)

            assert not session.closed

    run(ask)


def test_a_context_that_waited_too_long_for_its_text_goes_on() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        server.impatient = True
        events: list[SynthesizedAudio] = []
        async with voice.stream(conn_options=ONCE) as speech:
            speech.push_text("The first sentence is here. T")
            while sum(event.frame.duration for event in events) < 1.0:
                events.append(await anext(speech))
            await until(lambda: not server.open_connections(), "the context is done", within=2.0)
            speech.push_text("he second one comes late.")
            speech.end_input()
            events += [event async for event in speech]

        words = [word for event in events for word in event.words]
        starts = [word.start_time for word in words]
        text = "The first sentence is here. The second one comes late."
        assert " ".join(word.text for word in words) == text
        assert starts == sorted(starts)
        assert "".join(heard.text for heard in read(event.frame for event in events)) == text

    run(ask)


def test_an_error_in_a_message_has_status_and_request_id() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "Goes well.")
        server.refuse(402)
        with pytest.raises(APIStatusError, match="Refused") as caught:
            await say(voice, "Does not.")

        assert (caught.value.status_code, caught.value.retryable) == (402, False)
        assert caught.value.request_id == "request-of-socket"
        await say(voice, "Goes well again.")
        assert len(server.sockets) == 1

    run(ask)


def test_a_voice_can_be_an_embedding_with_controls() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        await say(voice, "Hello.")

        assert server.asks[0]["voice"] == {
            "mode": "embedding",
            "embedding": [0.25, -1.0],
            "__experimental_controls": {"speed": "fast", "emotion": ["curiosity:high", "anger"]},
        }

    run(
        ask,
        voice=(0.25, -1.0),
        speed="fast",
        emotion=("curiosity:high", "anger"),
        api_version=models.EMBEDDINGS_API_VERSION,
    )


def test_whoever_writes_may_take_their_time() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
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
    async def ask(server: CartesiaServer, voice: TTS) -> None:
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


def test_a_stall_in_the_middle_of_an_answer_ends_too() -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        server.hold()
        async with voice.stream(conn_options=HASTY) as speech:
            speech.push_text("Only the first part of it comes. T")
            await anext(speech)
            speech.end_input()
            with pytest.raises(APITimeoutError):
                async for _ in speech:
                    pass

    run(ask)


@pytest.mark.parametrize("words", [True, False])
def test_the_sample_rate_is_that_of_the_sound(words: bool) -> None:
    async def ask(server: CartesiaServer, voice: TTS) -> None:
        sound = await voice.synthesize("Hello.", conn_options=ONCE).collect()

        assert sound.sample_rate == server.asks[0]["output_format"]["sample_rate"] == 16_000
        assert [stretch.text for stretch in read([sound])] == ["Hello."]

    run(ask, sample_rate=16_000, word_timestamps=words)


def run(ask: Callable[[CartesiaServer, TTS], Coroutine[Any, Any, None]], **options: object) -> None:
    """Tell `ask` in an event loop, with a server and a voice that talks to it."""

    async def tell() -> None:
        async with asyncio.timeout(10.0), talking(options) as (server, voice):
            await ask(server, voice)

    asyncio.run(tell())


@asynccontextmanager
async def talking(options: Mapping[str, Any]) -> AsyncIterator[tuple[CartesiaServer, TTS]]:
    """A server, and a voice that talks to it."""
    async with (
        CartesiaServer(api_key=KEY) as server,
        TTS(api_key=KEY, base_url=server.url, **options) as voice,
    ):
        yield server, voice


async def say(voice: TTS, *texts: str) -> list[SynthesizedAudio]:
    """What comes of a stream with a segment for each text."""
    async with voice.stream(conn_options=ONCE) as speech:
        for text in texts:
            speech.push_text(text)
            speech.flush()
        speech.end_input()
        return [event async for event in speech]


def unique(events: list[SynthesizedAudio], name: str) -> list[str]:
    """The different values of an attribute, in order."""
    return list(dict.fromkeys(getattr(event, name) for event in events))
