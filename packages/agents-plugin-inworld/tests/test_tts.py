"""Inworld's text to speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp.web import WebSocketResponse

from agents_core.errors import APIError
from agents_core.retry import APIConnectOptions
from agents_core.testing.leaks import no_leaks
from agents_core.testing.running import run
from agents_core.testing.tones import read
from agents_core.testing.tts import TTSSuite
from agents_core.testing.watching import until
from agents_core.tts import SynthesizedAudio
from agents_plugin_inworld import TTS, Voice
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.inworld import InworldServer

KEY = "a key"


class TestTTS(TTSSuite):
    streaming = words = True
    retry_after = 0.2
    options = {"voice": "Hans", "speaking_rate": 1.2}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> InworldServer:
        return InworldServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url, timestamp_type="WORD")


async def say(voice: TTS, *texts: str) -> Sequence[SynthesizedAudio]:
    async with voice.stream() as speech:
        for text in texts:
            speech.push_text(text)
            speech.flush()
        speech.end_input()
        return [event async for event in speech]


def heard(events: Sequence[SynthesizedAudio]) -> str:
    return " ".join(each.text.strip() for each in read(event.frame for event in events))


def test_all_streams_share_a_socket_whoever_speaks() -> None:
    async def work() -> None:
        async with (
            InworldServer() as server,
            no_leaks(),
            TTS(api_key=KEY, base_url=server.url) as voice,
        ):
            said = await asyncio.gather(*(say(voice, text) for text in ("One.", "Two.", "Three.")))
            assert list(map(heard, said)) == ["One.", "Two.", "Three."]
            voice.update_options(voice="Hans")
            await say(voice, "Four.", "Five.")
            assert server.sockets == 1
            assert [each["voiceId"] for each in server.asks] == ["Ashley"] * 3 + ["Hans"] * 2

    run(work())


def test_the_socket_may_be_open_before_the_first_word() -> None:
    async def work() -> None:
        async with (
            InworldServer() as server,
            no_leaks(),
            TTS(api_key=KEY, base_url=server.url) as voice,
        ):
            voice.prewarm()
            await until(lambda: server.sockets == 1, "the socket is open", within=5)
            await say(voice, "One.")
            assert server.sockets == 1

    run(work())


def test_more_streams_than_one_socket_bears_open_another() -> None:
    async def work() -> None:
        async with InworldServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            texts = [f"Number {number}." for number in range(7)]
            said = await asyncio.gather(*(say(voice, text) for text in texts))
            assert list(map(heard, said)) == texts
            assert server.sockets == 2

    run(work())


def test_a_socket_that_nobody_uses_is_closed_when_it_was_said() -> None:
    async def work() -> None:
        async with (
            InworldServer() as server,
            TTS(api_key=KEY, base_url=server.url, idle_connection_timeout=0.02) as voice,
        ):
            await say(voice, "One.")
            await asyncio.sleep(0.1)
            await say(voice, "Two.")
            assert server.sockets == 2

    run(work())


def test_a_stream_that_is_left_early_is_stopped_there_and_the_socket_stays() -> None:
    async def work() -> None:
        async with InworldServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            server.hold()
            async with voice.stream() as speech:
                speech.push_text("This will be heard by nobody. ")
                speech.flush()
                await anext(speech)
            server.release()
            assert heard(await say(voice, "But this.")) == "But this."
            assert server.stopped == 1
            assert server.sockets == 1

    run(work())


def test_of_a_stream_that_is_left_early_the_rest_is_not_said() -> None:
    async def work() -> None:
        async with InworldServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            async with voice.stream() as speech:
                speech.push_text("This is the first sentence. And the rest")
                await anext(speech)
            await until(lambda: not server.open_connections(), "it is closed", within=2.0)
            assert server.text_received().strip() == "This is the first sentence."

    run(work())


def test_a_context_that_was_left_counts_until_inworld_has_closed_it() -> None:
    async def work() -> None:
        async with InworldServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            server.hold()
            for _ in range(6):
                async with voice.stream(conn_options=APIConnectOptions(max_retry=0)) as speech:
                    speech.push_text("This is said to nobody. And it goes on. ")
                    await anext(speech)
            assert server.sockets == 2

    run(work())


def test_every_option_has_the_name_that_inworld_gives_it() -> None:
    async def work() -> None:
        async with (
            InworldServer() as server,
            TTS(
                voice="Hans",
                model="inworld-tts-1-max",
                encoding="PCM",
                bit_rate=None,
                sample_rate=16_000,
                speaking_rate=1.2,
                temperature=0.8,
                timestamp_type="CHARACTER",
                timestamp_transport_strategy="SYNC",
                text_normalization="OFF",
                language="de-DE",
                delivery_mode="BALANCED",
                buffer_char_threshold=50,
                max_buffer_delay_ms=500,
                auto_mode=False,
                api_key=KEY,
                base_url=server.url,
            ) as voice,
        ):
            events = await say(voice, "Ja so.")
            assert heard(events) == "Ja so."
            letters = [word for event in events for word in event.words]
            assert [(letter.text, round(letter.start_time, 2)) for letter in letters] == [
                ("J", 0.0),
                ("a", 0.04),
                ("s", 0.12),
                ("o", 0.16),
                (".", 0.2),
            ]
            assert server.asks == [
                {
                    "voiceId": "Hans",
                    "modelId": "inworld-tts-1-max",
                    "audioConfig": {
                        "audioEncoding": "PCM",
                        "sampleRateHertz": 16_000,
                        "speakingRate": 1.2,
                    },
                    "temperature": 0.8,
                    "timestampType": "CHARACTER",
                    "timestampTransportStrategy": "SYNC",
                    "applyTextNormalization": "OFF",
                    "language": "de-DE",
                    "deliveryMode": "BALANCED",
                    "bufferCharThreshold": 50,
                    "maxBufferDelayMs": 500,
                    "autoMode": False,
                }
            ]

    run(work())


def test_words_keep_their_time_over_a_flush() -> None:
    async def work() -> None:
        async with (
            InworldServer() as server,
            TTS(api_key=KEY, base_url=server.url, timestamp_type="WORD") as voice,
        ):
            text = "This is the first sentence. And here is the second one. The end."
            events = await say(voice, text, "Anew.")
            words = [word for event in events for word in event.words]
            assert [word.text for word in words] == [*text.split(), "Anew."]
            said = {word.text: word.start_time for word in words}
            assert said["And"] == pytest.approx(0.04 * text.index("And"), abs=0.002)
            assert said["The"] == pytest.approx(0.04 * text.index("The"), abs=0.002)
            assert said["Anew."] == 0

    run(work())


def test_a_text_that_is_too_long_for_a_request_goes_over_the_websocket() -> None:
    async def work() -> None:
        async with InworldServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            text = "ha " * 700
            await voice.synthesize(text).collect()
            assert server.sockets == 1
            assert server.text_received().split() == text.split()

    run(work())


def test_the_voices_are_listed_by_language_or_all() -> None:
    async def work() -> None:
        async with InworldServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            hans = Voice(id="Hans", name="Hans", description="", languages=("de",), tags=())
            assert await voice.list_voices("de") == (hans,)
            ashley, _ = await voice.list_voices()
            assert (ashley.id, ashley.tags) == ("Ashley", ("warm",))
            server.garble(lacking=True)
            with pytest.raises(APIError, match="malformed"):
                await voice.list_voices()

    run(work())


class HastyServer(InworldServer):
    """Ends what it is asked for before it has spoken."""

    hangs_up = False

    async def say(self, socket: WebSocketResponse, answer: Answer, context: Any) -> None:  # noqa: ANN401 - its own
        if self.hangs_up:
            await socket.close()
        else:
            await socket.send_json({"result": {"contextId": context.name, "contextClosed": {}}})


@pytest.mark.parametrize(("hangs_up", "words"), [(True, "hung up"), (False, "before the text did")])
def test_an_end_that_comes_too_early_is_none(*, hangs_up: bool, words: str) -> None:
    async def work() -> None:
        async with HastyServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            server.hangs_up = hangs_up
            async with voice.stream(conn_options=APIConnectOptions(max_retry=0)) as speech:
                speech.push_text("This is not the end. ")
                await anext(speech)

    with pytest.raises(APIError, match=words):
        run(work())


def test_sound_that_would_have_to_be_decoded_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="OGG_OPUS"):
        TTS(api_key=KEY, encoding="OGG_OPUS")


def test_how_sound_comes_stays() -> None:
    voice = TTS(api_key=KEY)
    with pytest.raises(TypeError, match="sample_rate cannot be changed"):
        voice.update_options(sample_rate=16_000)
