"""ElevenLabs' text to speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp.web import WebSocketResponse

from agents_core import APIStatusError, tts
from agents_core.errors import APIError
from agents_core.retry import APIConnectOptions
from agents_core.testing.leaks import no_leaks
from agents_core.testing.roads import Road
from agents_core.testing.running import run
from agents_core.testing.tones import read
from agents_core.testing.tts import TTSSuite
from agents_core.testing.watching import until
from agents_core.tts import SynthesizedAudio
from agents_plugin_elevenlabs import TTS, PronunciationDictionaryLocator, Voice, VoiceSettings
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.elevenlabs import ElevenLabsServer

KEY = "a key"


class TestTTS(TTSSuite):
    streaming = words = True
    retry_after = 0.2
    options = {"voice_id": "mine", "language": "de"}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> ElevenLabsServer:
        return ElevenLabsServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)


class TestTTSWithoutTimes(TestTTS):
    words = False

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url, sync_alignment=False)

    def roads(self, subject: tts.TTS) -> tuple[Road, ...]:
        return super().roads(subject)[:1]  # the websocket's is the same but for a query


async def say(voice: TTS, *texts: str) -> Sequence[SynthesizedAudio]:
    async with voice.stream() as speech:
        for text in texts:
            speech.push_text(text)
            speech.flush()
        speech.end_input()
        return [event async for event in speech]


def heard(events: Sequence[SynthesizedAudio]) -> str:
    return " ".join(each.text.strip() for each in read(event.frame for event in events))


def test_all_streams_share_a_socket_until_the_voice_is_another() -> None:
    async def work() -> None:
        async with (
            ElevenLabsServer() as server,
            no_leaks(),
            TTS(api_key=KEY, base_url=server.url) as voice,
        ):
            said = await asyncio.gather(*(say(voice, text) for text in ("One.", "Two.", "Three.")))
            assert list(map(heard, said)) == ["One.", "Two.", "Three."]
            await say(voice, "Four.", "Five.")
            assert len(server.sockets) == 1
            voice.update_options(voice_id="mine")
            await say(voice, "Six.")
            assert len(server.sockets) == 2

    run(work())


def test_the_socket_may_be_open_before_the_first_word() -> None:
    async def work() -> None:
        async with (
            ElevenLabsServer() as server,
            no_leaks(),
            TTS(api_key=KEY, base_url=server.url) as voice,
        ):
            voice.prewarm()
            await until(lambda: len(server.sockets) == 1, "the socket is open", within=5)
            await say(voice, "One.")
            assert len(server.sockets) == 1

    run(work())


def test_more_streams_than_one_socket_bears_open_another() -> None:
    async def work() -> None:
        async with ElevenLabsServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            texts = [f"Number {number}." for number in range(7)]
            said = await asyncio.gather(*(say(voice, text) for text in texts))
            assert list(map(heard, said)) == texts
            assert len(server.sockets) == 2

    run(work())


def test_a_stream_that_is_left_early_is_stopped_there_and_the_socket_stays() -> None:
    async def work() -> None:
        async with ElevenLabsServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            server.hold()
            async with voice.stream() as speech:
                speech.push_text("This will be heard by nobody. ")
                speech.flush()
                await anext(speech)
            server.release()
            assert heard(await say(voice, "But this.")) == "But this."
            assert server.stopped == 1
            assert len(server.sockets) == 1

    run(work())


def test_of_a_stream_that_is_left_early_the_rest_is_not_said() -> None:
    async def work() -> None:
        async with ElevenLabsServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            async with voice.stream() as speech:
                speech.push_text("This is the first sentence. And the rest")
                await anext(speech)
            await until(lambda: server.stopped, "it is stopped", within=2.0)
            assert server.text_received().strip() == "This is the first sentence."

    run(work())


class LingeringServer(ElevenLabsServer):
    """Never gets to the end of a context that is closed early."""

    async def say(self, socket: WebSocketResponse, answer: Answer, context: Any) -> None:  # noqa: ANN401 - its own
        try:
            await super().say(socket, answer, context)
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    async def end(self, socket: WebSocketResponse, name: str) -> None:
        """Keep it."""


@pytest.mark.parametrize(("kind", "sockets"), [(LingeringServer, 2), (ElevenLabsServer, 1)])
def test_a_context_that_was_left_counts_until_elevenlabs_has_ended_it(
    kind: type[ElevenLabsServer], sockets: int
) -> None:
    async def work() -> None:
        async with kind() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            server.hold()
            for left in range(1, 7):
                async with voice.stream(conn_options=APIConnectOptions(max_retry=0)) as speech:
                    speech.push_text("This will be heard by nobody. ")
                    speech.flush()
                    await anext(speech)
                await until(lambda n=left: server.stopped == n, "it is stopped", within=2.0)  # type: ignore[misc]  # of the loop
            assert len(server.sockets) == sockets

    run(work())


def test_every_option_of_a_stream_has_the_name_that_elevenlabs_gives_it() -> None:
    async def work() -> None:
        settings = VoiceSettings(stability=0.5, similarity_boost=0.7, speed=1.1)
        locator = PronunciationDictionaryLocator(pronunciation_dictionary_id="d", version_id="v")
        async with (
            ElevenLabsServer() as server,
            TTS(
                voice_id="mine",
                voice_settings=settings,
                model="eleven_flash_v2_5",
                encoding="pcm_16000",
                language="de",
                streaming_latency=3,
                inactivity_timeout=60,
                apply_text_normalization="on",
                enable_ssml_parsing=True,
                enable_logging=False,
                chunk_length_schedule=[80, 120],
                pronunciation_dictionary_locators=[locator],
                api_key=KEY,
                base_url=server.url,
            ) as voice,
        ):
            text = 'A <phoneme alphabet="ipa" ph="b i">bee in here</phoneme> hums.'
            assert heard(await say(voice, text)) == text
            assert server.sockets == [
                {
                    "model_id": "eleven_flash_v2_5",
                    "output_format": "pcm_16000",
                    "language_code": "de",
                    "optimize_streaming_latency": "3",
                    "inactivity_timeout": "60",
                    "auto_mode": "false",
                    "apply_text_normalization": "on",
                    "enable_ssml_parsing": "true",
                    "enable_logging": "false",
                    "sync_alignment": "true",
                }
            ]
            beginning, *texts = server.asks
            assert beginning == {
                "text": " ",
                "context_id": beginning["context_id"],
                "generation_config": {"chunk_length_schedule": [80, 120]},
                "voice_settings": {"stability": 0.5, "similarity_boost": 0.7, "speed": 1.1},
                "pronunciation_dictionary_locators": [
                    {"pronunciation_dictionary_id": "d", "version_id": "v"}
                ],
            }
            tag = '<phoneme alphabet="ipa" ph="b i">bee in here</phoneme> '
            assert [each["text"] for each in texts] == ["A ", tag, "hums. "]

    run(work())


def test_words_keep_their_time_over_what_the_model_made_in_several_goes() -> None:
    async def work() -> None:
        async with ElevenLabsServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            text = "This is the first sentence. And here is the second one. The end."
            events = await say(voice, text, "Anew.")
            words = [word for event in events[:-1] for word in event.words]
            assert [word.text for word in words[:13]] == text.split()
            beginnings = [0.04 * text.index(word) for word in ("This", "And", "The end")]
            said = {word.text: word.start_time for word in words}
            assert [said[word] for word in ("This", "And", "The")] == pytest.approx(
                beginnings, abs=0.002
            )
            assert words[13].text == "Anew."
            assert words[13].start_time == 0

    run(work())


def test_an_error_about_the_whole_socket_reaches_every_stream() -> None:
    async def work() -> None:
        async with (
            ElevenLabsServer() as server,
            TTS(api_key=KEY, base_url=f"{server.url}") as voice,
        ):
            await say(voice, "Open.")
            server.refuse(401)
            errors = await asyncio.gather(
                say(voice, "One."), say(voice, "Two."), return_exceptions=True
            )
            assert [type(error) for error in errors] == [APIStatusError] * 2
            assert "refused" in str(errors[0])

    run(work())


def test_the_voices_of_the_key_are_listed() -> None:
    async def work() -> tuple[Voice, ...]:
        async with ElevenLabsServer() as server, TTS(api_key=KEY, base_url=server.url) as voice:
            found = await voice.list_voices()
            server.garble(lacking=True)
            with pytest.raises(APIError, match="malformed"):
                await voice.list_voices()
            return found

    will = Voice(id="bIHbv24MWmeRgasZH58o", name="Will", category="premade")
    assert run(work()) == (will, Voice(id="mine", name="Mine", category="cloned"))


class HastyServer(ElevenLabsServer):
    """Ends what it is asked for before it has spoken."""

    hangs_up = False

    async def say(self, socket: WebSocketResponse, answer: Answer, context: Any) -> None:  # noqa: ANN401 - its own
        if self.hangs_up:
            await socket.close()
        else:
            await socket.send_json({"isFinal": True, "contextId": context.name})


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
    with pytest.raises(ValueError, match="mp3_22050_32"):
        TTS(api_key=KEY, encoding="mp3_22050_32")


def test_how_sound_comes_stays() -> None:
    voice = TTS(api_key=KEY)
    with pytest.raises(TypeError, match="encoding cannot be changed"):
        voice.update_options(encoding="pcm_16000")
