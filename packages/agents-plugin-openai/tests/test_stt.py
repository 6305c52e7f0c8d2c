"""OpenAI's transcriptions, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from agents_core.audio import silence
from agents_core.errors import APIStatusError
from agents_core.retry import APIConnectOptions
from agents_core.stt import SpeechEvent
from agents_core.testing.stt import STTSuite
from agents_core.testing.tones import speak
from agents_plugin_openai import STT
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.openai import OpenAIServer

KEY = "a-key-of-somebody"
ONCE = APIConnectOptions(max_retry=0)


class TestSTT(STTSuite):
    options = {"model": "gpt-4o-transcribe", "language": "de"}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> OpenAIServer:
        return OpenAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> STT:
        return STT(api_key=self.secret, base_url=vendor.url)


def hear(
    make: Callable[[OpenAIServer], STT],
    *,
    server: OpenAIServer | None = None,
    language: str | None = None,
) -> tuple[SpeechEvent, OpenAIServer]:
    """What was heard, and the server that heard it."""

    async def ask() -> SpeechEvent:
        sound = speak("Six geese fly.", sample_rate=16_000)
        async with vendor, make(vendor) as ear:
            return await ear.recognize(sound, language=language, conn_options=ONCE)

    vendor = server or OpenAIServer(api_key=KEY)
    return asyncio.run(ask()), vendor


def own(vendor: OpenAIServer, **options: object) -> STT:
    return STT(api_key=KEY, base_url=vendor.url, **options)


def test_what_is_not_given_is_left_to_the_service() -> None:
    _, vendor = hear(own)

    fields = {name: value for name, value in vendor.asked_for.items() if name != "file"}
    assert fields == {"model": "whisper-1", "response_format": "verbose_json"}


def test_every_option_reaches_the_service_under_its_name() -> None:
    _, vendor = hear(
        lambda vendor: own(
            vendor,
            model="whisper-2",
            language="de-CH",
            prompt="Geese.",
            temperature=0.2,
            timestamp_granularities=("word", "segment"),
        )
    )

    fields = {name: value for name, value in vendor.asked_for.items() if name != "file"}
    assert fields == {
        "model": "whisper-2",
        "response_format": "verbose_json",
        "language": "de",
        "prompt": "Geese.",
        "temperature": "0.2",
        "timestamp_granularities[]": ["word", "segment"],
    }


def test_words_have_their_times() -> None:
    event, _ = hear(lambda vendor: own(vendor, timestamp_granularities=("word",)))

    [heard] = event.alternatives
    assert [word.text for word in heard.words] == ["Six", "geese", "fly."]
    assert heard.start_time < heard.words[1].start_time < heard.words[1].end_time
    assert heard.words[-1].end_time == pytest.approx(heard.end_time)
    assert heard.language == "english"
    assert event.request_id == "req_1"
    assert event.usage is not None
    assert event.usage.audio_duration == pytest.approx(
        speak("Six geese fly.", sample_rate=16_000).duration
    )


def test_it_says_that_it_tells_times_of_words() -> None:
    timed = STT(api_key=KEY, timestamp_granularities=("word",))

    assert timed.capabilities.aligned_transcript == "word"
    assert STT(api_key=KEY).capabilities.aligned_transcript is None
    with pytest.raises(TypeError, match="stays"):
        timed.update_options(timestamp_granularities=())


@pytest.mark.parametrize(
    ("options", "said", "asked"),
    [
        ({}, None, None),
        ({"language": "de"}, None, "de"),
        ({"language": "de"}, "fr", "fr"),
        ({"language": "de", "detect_language": True}, "fr", None),
    ],
)
def test_the_language_is_the_session_s_unless_it_is_found_out(
    options: dict[str, Any], said: str | None, asked: str | None
) -> None:
    event, vendor = hear(
        lambda vendor: own(vendor, model="gpt-4o-transcribe", **options), language=said
    )

    assert vendor.asked_for.get("language") == asked
    assert vendor.asked_for["response_format"] == "json"
    assert event.text == "Six geese fly."


def test_a_format_that_the_model_does_not_know_is_refused_by_the_service() -> None:
    with pytest.raises(APIStatusError, match="status 400"):
        hear(lambda vendor: own(vendor, model="gpt-4o-transcribe", response_format="verbose_json"))


def test_groq_has_a_model_of_its_own() -> None:
    _, vendor = hear(lambda vendor: STT.with_groq(api_key=KEY, base_url=vendor.url))

    assert vendor.asked_for["model"] == "whisper-large-v3-turbo"
    assert vendor.asked_for["response_format"] == "verbose_json"


def test_azure_has_its_own_path_and_header() -> None:
    _, vendor = hear(
        lambda vendor: STT.with_azure(
            model="whisper-1", azure_endpoint=vendor.url, api_version="1", api_key=KEY
        )
    )

    [request] = vendor.seen
    assert request.path == "/openai/deployments/whisper-1/audio/transcriptions"
    assert request.headers["api-key"] == KEY


def test_a_long_recording_is_sent_without_a_warning() -> None:
    async def ask() -> int:
        async with OpenAIServer(api_key=KEY) as vendor, own(vendor) as ear:
            await ear.recognize(silence(40, sample_rate=16_000), conn_options=ONCE)
            return len(vendor.sound_received())

    assert asyncio.run(ask()) == 40 * 16_000 * 2


def test_an_error_that_comes_as_an_answer_is_told_in_the_service_s_words() -> None:
    class Apologetic(OpenAIServer):
        async def _transcribe(self, request: web.Request, answer: Answer) -> web.StreamResponse:
            return web.json_response({"error": {"message": "overloaded", "code": 503}})

    with pytest.raises(APIStatusError, match="overloaded"):
        hear(own, server=Apologetic(api_key=KEY))
