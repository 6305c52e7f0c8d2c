"""OpenAI's speech, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from agents_core.errors import APIError
from agents_core.retry import APIConnectOptions
from agents_core.testing.tones import read
from agents_core.testing.tts import TTSSuite
from agents_plugin_openai import TTS
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.openai import OpenAIServer

KEY = "a-key-of-somebody"
ONCE = APIConnectOptions(max_retry=0)


class TestTTS(TTSSuite):
    options = {"voice": "ash", "speed": 1.2}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> OpenAIServer:
        return OpenAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> TTS:
        return TTS(api_key=self.secret, base_url=vendor.url)


def say(make: Callable[[OpenAIServer], TTS], server: OpenAIServer | None = None) -> OpenAIServer:
    """The server, once it has said something that was heard."""

    async def ask() -> None:
        async with vendor, make(vendor) as voice:
            stream = voice.synthesize("Six geese fly.", conn_options=ONCE)
            async with stream:
                events = [event async for event in stream]
        [heard] = read(event.frame for event in events)
        assert heard.text == "Six geese fly."
        assert {event.request_id for event in events} == {"req_1"}

    vendor = server or OpenAIServer(api_key=KEY)
    asyncio.run(ask())
    return vendor


def own(vendor: OpenAIServer, **options: object) -> TTS:
    return TTS(api_key=KEY, base_url=vendor.url, **options)


def test_every_option_reaches_the_service_under_its_name() -> None:
    vendor = say(
        lambda vendor: own(
            vendor, model="tts-1", voice={"id": "mine"}, speed=0.9, instructions="Whisper."
        )
    )

    assert vendor.asked_for == {
        "input": "Six geese fly.",
        "model": "tts-1",
        "voice": {"id": "mine"},
        "response_format": "pcm",
        "speed": 0.9,
        "instructions": "Whisper.",
    }


def test_a_header_is_not_played_as_sound() -> None:
    vendor = say(lambda vendor: own(vendor, response_format="wav"))

    assert vendor.asked_for["response_format"] == "wav"


def test_what_is_compressed_is_refused() -> None:
    with pytest.raises(ValueError, match="mp3"):
        TTS(api_key=KEY, response_format="mp3")


def test_sound_at_another_rate_is_an_error() -> None:
    class Hasty(OpenAIServer):
        async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
            from agents_core.audio import silence, wav_bytes

            return web.Response(
                body=wav_bytes(silence(0.1, sample_rate=16_000)), content_type="audio/wav"
            )

    with pytest.raises(APIError, match="16000"):
        say(lambda vendor: own(vendor, response_format="wav"), Hasty(api_key=KEY))


def test_azure_has_its_own_path_and_header() -> None:
    vendor = say(
        lambda vendor: TTS.with_azure(
            model="tts-1",
            azure_deployment="mine",
            azure_endpoint=vendor.url,
            api_version="1",
            api_key=KEY,
        )
    )

    [request] = vendor.seen
    assert request.path == "/openai/deployments/mine/audio/speech"
    assert request.headers["api-key"] == KEY
