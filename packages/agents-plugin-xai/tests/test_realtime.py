"""xAI's realtime conversation, against a server that has its ways."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from agents_core.errors import MissingCredentialsError
from agents_core.realtime import InputTranscriptionCompleted
from agents_core.testing.conversing import echo, said_in
from agents_core.testing.realtime import RealtimeSuite
from agents_core.testing.watching import until
from agents_plugin_xai import RealtimeModel, models
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.xai import XAIServer

KEY = "a-key-of-somebody"
FORMAT = {"type": "audio/pcm", "rate": 24_000}


class TestRealtimeModel(RealtimeSuite):
    def open_vendor(self) -> XAIServer:
        return XAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> RealtimeModel:
        return RealtimeModel(
            api_key=self.secret, base_url=vendor.url, conn_options=self.conn_options
        )

    def test_transcripts_so_far_come_before_the_last_word(self) -> None:
        async def work() -> list[tuple[str, bool]]:
            heard: list[InputTranscriptionCompleted] = []
            async with (
                self.open_vendor() as vendor,
                self.create(vendor) as model,
                model.session() as session,
            ):
                session.on("input_audio_transcription_completed", heard.append)
                await self.speak(session, "Who is there?")
                await until(lambda: len(heard) == 3, "transcripts", within=self.patience)
                known = [item.text_content for item in session.chat_ctx.messages()]
            assert known[0] == "Who is there?"
            return [(each.transcript, each.is_final) for each in heard]

        assert asyncio.run(work()) == [("Wh", False), ("Who ", False), ("Who is there?", True)]


def test_its_key_its_place_and_its_model_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of another service")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://another.invalid")
    monkeypatch.delenv("XAI_API_KEY", raising=False)
    monkeypatch.delenv("XAI_BASE_URL", raising=False)

    with pytest.raises(MissingCredentialsError, match="XAI_API_KEY"):
        RealtimeModel()
    monkeypatch.setenv("XAI_API_KEY", KEY)
    model = RealtimeModel()

    assert (model.provider, model.model) == ("xAI", models.DEFAULT_REALTIME_MODEL)
    assert model.client.url == models.DEFAULT_BASE_URL


def settings_of(**options: Any) -> tuple[Mapping[str, Any], str]:  # noqa: ANN401 - of the model
    """What a conversation is set to, and where it is asked for."""

    async def talk() -> tuple[Mapping[str, Any], str]:
        async with (
            XAIServer(api_key=KEY) as vendor,
            RealtimeModel(api_key=KEY, base_url=vendor.url, **options) as model,
            model.session() as session,
        ):
            await said_in(await session.generate_reply(instructions=echo("Hello.")))
            return vendor.settings(), str(vendor.seen[0].rel_url)

    return asyncio.run(asyncio.wait_for(talk(), 10))


@pytest.mark.parametrize("given", [{}, {"model": None, "voice": None}])
def test_an_option_that_is_none_is_the_default(given: dict[str, None]) -> None:
    settings, url = settings_of(**given)

    assert url == "/realtime?model=grok-4-1-fast-non-reasoning"
    assert settings == {
        "type": "realtime",
        "model": "grok-4-1-fast-non-reasoning",
        "voice": "Ara",
        "output_modalities": ["audio"],
        "audio": {"input": {"format": FORMAT, "transcription": {}}, "output": {"format": FORMAT}},
        "turn_detection": {
            "type": "server_vad",
            "threshold": 0.5,
            "prefix_padding_ms": 300,
            "silence_duration_ms": 200,
            "create_response": True,
            "interrupt_response": True,
        },
        "tools": [],
        "tool_choice": "auto",
    }


def test_options_reach_xai() -> None:
    settings, url = settings_of(
        model="grok-of-tomorrow", voice="Sage", turn_detection=None, input_audio_transcription=None
    )

    assert url == "/realtime?model=grok-of-tomorrow"
    assert (settings["voice"], settings["turn_detection"]) == ("Sage", None)
    assert settings["audio"]["input"]["transcription"] is None
