"""Google's models at Vertex AI, with a service account made on the spot."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from agents_core import APIConnectOptions, APIError, ChatContext
from agents_core.chat import FunctionCallOutput
from agents_core.realtime import GenerationCreatedEvent
from agents_core.testing.conversing import echo, said_in
from agents_core.testing.dialogue import conversation, tools
from agents_core.testing.running import run
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until
from agents_plugin_google import LLM, TTS, RealtimeModel
from agents_plugins_test.vendors.google import GoogleServer

_ONCE = APIConnectOptions(max_retry=0, timeout=5)


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def account(private_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the file of the service account says; it is written by `_write`."""
    for variable in ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GOOGLE_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "account.json"))
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    return {
        "type": "service_account",
        "project_id": "a-project",
        "private_key_id": "1",
        "private_key": private_key,
        "client_email": "agent@a-project.example",
        "file": str(tmp_path / "account.json"),
    }


def test_a_language_model_answers(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer() as server, LLM(base_url=server.url) as model:
            _write(account, server)
            answers = await asyncio.gather(*(_say(model, words) for words in ("one", "two")))
            assert answers == ["one", "two"]
            assert await _say(model, "three") == "three"
            assert len(server.tokens) == 1  # fetched once for all three
            assert {request.path for request in server.seen} == {_path("gemini-2.0-flash-001")}
            assert model.provider == "Vertex AI"
            assert server.tokens[0] not in repr(model)

    run(ask())


def test_a_token_is_fetched_again_before_it_ends(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer(tokens_last=1) as server, LLM(base_url=server.url) as model:
            _write(account, server)
            for words in ("one", "two"):
                assert await _say(model, words) == words
            assert len(server.tokens) == 2

    run(ask())


def test_project_and_location_are_options(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer() as server:
            _write(account, server)
            place = {"project": "other", "location": "europe-west4"}
            async with TTS(base_url=server.url, **place) as voice:
                await voice.synthesize("Hello.", conn_options=_ONCE).collect()
            [request] = server.seen
            assert request.match_info["project"] == "other"
            assert request.match_info["location"] == "europe-west4"

    run(ask())


def test_a_realtime_model_answers(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer() as server:
            _write(account, server)
            model = RealtimeModel(base_url=server.url, conn_options=_ONCE)
            async with model, model.session() as session:
                event = await session.generate_reply(instructions=echo("Hello."))
                assert (await said_in(event)).text == "Hello."
            [setup] = server.setups
            assert setup["model"] == (
                "projects/a-project/locations/us-central1/publishers/google"
                "/models/gemini-live-2.5-flash-native-audio"
            )
            assert "LlmBidiService" in server.seen[0].path

    run(ask())


def test_calls_of_tools_are_told_without_ids(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer() as server, LLM(base_url=server.url) as model:
            _write(account, server)
            chat_ctx = conversation()
            chat_ctx.add_message(role="user", content="Go on.")
            answer = await model.chat(chat_ctx=chat_ctx, conn_options=_ONCE).collect()
            assert answer.text == "Go on."

    run(ask())


def test_a_tool_answers_a_realtime_model(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer() as server:
            _write(account, server)
            server.will_answer(Reply(calls=(Call(name="stop"), Call(name="stop"))))
            model = RealtimeModel(base_url=server.url, conn_options=_ONCE)
            async with model, model.session() as session:
                created: list[GenerationCreatedEvent] = []
                await session.update_chat_ctx(conversation())
                await session.update_tools(tools())
                calls = (await said_in(await session.generate_reply())).calls
                session.on("generation_created", created.append)
                chat_ctx = session.chat_ctx
                for call, words in zip(calls, ("one", "two"), strict=True):
                    made = {"call_id": call.call_id, "name": call.name, "is_error": False}
                    chat_ctx.items.append(FunctionCallOutput(output=words, **made))
                await session.update_chat_ctx(chat_ctx)
                await until(lambda: created, "an answer after tools", within=5)
                assert (await said_in(created[0])).text == "two"

    run(ask())


@pytest.mark.parametrize(
    ("broken", "retryable"),
    [
        ({"type": "unknown"}, False),  # there are no credentials in it
        ({"token_uri": "http://127.0.0.1:9/token"}, True),  # nobody is there
        ({"token_uri": "{url}/no-such-place"}, False),  # refused
    ],
)
def test_what_is_wrong_with_credentials_is_told(
    account: dict[str, str], broken: dict[str, str], *, retryable: bool
) -> None:
    async def ask() -> None:
        async with GoogleServer() as server, LLM(base_url=server.url) as model:
            _write(account | broken, server)
            with pytest.raises(APIError, match="Vertex AI") as raised:
                await _say(model, "one")
            assert raised.value.retryable == retryable
            assert account["private_key"] not in repr(raised.value)

    run(ask())


def test_without_a_project_vertex_ai_is_not_asked(account: dict[str, str]) -> None:
    async def ask() -> None:
        async with GoogleServer() as server:
            _write(account, server)
            from google.oauth2.service_account import Credentials

            credentials = Credentials.from_service_account_file(account["file"])
            async with LLM(base_url=server.url, credentials=credentials) as model:
                with pytest.raises(APIError, match="GOOGLE_CLOUD_PROJECT") as raised:
                    await _say(model, "one")
            assert not raised.value.retryable
            async with LLM(base_url=server.url, credentials=credentials, project="p") as model:
                assert await _say(model, "one") == "one"

    run(ask())


async def _say(model: LLM, words: str) -> str:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="user", content=words)
    answer = await model.chat(chat_ctx=chat_ctx, conn_options=_ONCE).collect()
    return answer.text


def _write(account: dict[str, str], server: GoogleServer) -> None:
    told = {"token_uri": "{url}/token", **account}
    told["token_uri"] = told["token_uri"].format(url=server.url)
    Path(account["file"]).write_text(json.dumps(told), "utf-8")


def _path(model: str) -> str:
    place = "/v1/projects/a-project/locations/us-central1/publishers/google/models"
    return f"{place}/{model}:streamGenerateContent"
