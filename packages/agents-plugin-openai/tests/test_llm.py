"""OpenAI's chat completions, against a server that speaks its protocol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import pytest
from aiohttp import web

from agents_core.chat import ChatContext, ImageContent
from agents_core.errors import APIStatusError, APITimeoutError, MissingCredentialsError
from agents_core.llm import CollectedResponse
from agents_core.retry import APIConnectOptions
from agents_core.testing.llm import LLMSuite
from agents_core.testing.vendor import Reply
from agents_core.tools import function_tool
from agents_plugin_openai import LLM, Service, models
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.openai import OpenAIServer

KEY = "a-key-of-somebody"
ONCE = APIConnectOptions(max_retry=0)


class TestLLM(LLMSuite):
    strict = structured = True
    options = {"model": "gpt-5-mini", "verbosity": "low"}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> OpenAIServer:
        return OpenAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> LLM:
        return LLM(api_key=self.secret, base_url=vendor.url)


def talk(
    make: Callable[[OpenAIServer], LLM],
    *,
    server: OpenAIServer | None = None,
    words: str = "Hello.",
    options: APIConnectOptions = ONCE,
    **asked: object,
) -> tuple[CollectedResponse, OpenAIServer]:
    """One answer, and the server that gave it."""

    async def ask() -> CollectedResponse:
        async with vendor, make(vendor) as model:
            chat_ctx = ChatContext()
            chat_ctx.add_message(role="system", content="Be brief.")
            chat_ctx.add_message(role="user", content=words)
            return await model.chat(chat_ctx=chat_ctx, conn_options=options, **asked).collect()

    vendor = server or OpenAIServer(api_key=KEY)
    return asyncio.run(ask()), vendor


def own(vendor: OpenAIServer, **options: object) -> LLM:
    return LLM(api_key=KEY, base_url=vendor.url, **options)


def test_every_option_reaches_the_service_under_its_name() -> None:
    options: dict[str, Any] = {
        "model": "gpt-5",
        "temperature": 0.3,
        "top_p": 0.9,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "max_completion_tokens": 200,
        "stop": ["END"],
        "seed": 7,
        "reasoning_effort": "minimal",
        "verbosity": "low",
        "service_tier": "priority",
        "store": False,
        "metadata": {"call": "12"},
        "user": "u",
        "safety_identifier": "s",
        "prompt_cache_key": "k",
        "prompt_cache_retention": "24h",
    }
    _, vendor = talk(lambda vendor: own(vendor, **options, extra_body={"n": 1}))

    assert vendor.asked_for == {
        **options,
        "n": 1,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello."},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_what_the_service_does_not_know_it_refuses_with_its_own_words() -> None:
    with pytest.raises(APIStatusError) as caught:
        talk(lambda vendor: own(vendor, extra_body={"temprature": 1}))

    assert caught.value.status_code == 400
    assert "temprature" in str(caught.value.body)


def test_headers_and_queries_can_be_added() -> None:
    _, vendor = talk(
        lambda vendor: own(vendor, extra_headers={"X-Title": "tests"}, extra_query={"trace": "1"})
    )

    [request] = vendor.seen
    assert request.headers["X-Title"] == "tests"
    assert request.query == {"trace": "1"}


def test_the_connection_is_used_again() -> None:
    async def ask() -> set[int]:
        async with OpenAIServer(api_key=KEY) as vendor, own(vendor) as model:
            chat_ctx = ChatContext()
            chat_ctx.add_message(role="user", content="Hello.")
            for _ in range(3):
                await model.chat(chat_ctx=chat_ctx, conn_options=ONCE).collect()
            return {id(request.transport) for request in vendor.seen}

    assert len(asyncio.run(ask())) == 1


def test_a_large_picture_is_sent_without_a_warning() -> None:
    async def ask() -> str:
        async with OpenAIServer(api_key=KEY) as vendor, own(vendor) as model:
            chat_ctx = ChatContext()
            picture = ImageContent(image=bytes(1_000_000), mime_type="image/png")
            chat_ctx.add_message(role="user", content=[picture])
            chat_ctx.add_message(role="user", content="What is it?")
            return (await model.chat(chat_ctx=chat_ctx, conn_options=ONCE).collect()).text

    assert asyncio.run(ask()) == "What is it?"


def test_a_structured_answer_comes_as_an_object_too() -> None:
    from pydantic import BaseModel

    class Weather(BaseModel):
        city: str
        degrees: int = 20

    vendor = OpenAIServer(api_key=KEY)
    vendor.will_answer(Reply(text='{"city": "Bern", "degrees": 3}'))
    answer, _ = talk(own, server=vendor, response_format=Weather)

    assert answer.parsed == Weather(city="Bern", degrees=3)
    assert "parsed" not in (answer.extra or {})
    assert vendor.asked_for["response_format"]["json_schema"]["strict"]  # type: ignore[index]  # a body


def test_an_answer_in_json_instead_of_events_is_an_error() -> None:
    class Stubborn(OpenAIServer):
        async def _complete(self, request: web.Request, answer: Answer) -> web.StreamResponse:
            return web.json_response({"error": {"message": "no credit", "code": 402}})

    with pytest.raises(APIStatusError, match="no credit") as caught:
        talk(own, server=Stubborn(api_key=KEY))

    assert not caught.value.retryable


def test_an_answer_is_whole_though_the_service_lingers_after_it() -> None:
    class Lingering(OpenAIServer):
        def _events(self, body: Mapping[str, object], answer: Answer) -> Iterator[str]:
            yield from super()._events(body, answer)
            self.hold()
            yield "never sent"

    began = time.monotonic()
    answer, _ = talk(own, server=Lingering(api_key=KEY))

    assert answer.text == "Hello."
    assert time.monotonic() - began < ONCE.timeout / 2


def test_an_answer_that_pauses_for_too_long_is_out_of_time() -> None:
    class Pausing(OpenAIServer):
        def _events(self, body: Mapping[str, object], answer: Answer) -> Iterator[str]:
            *events, last = super()._events(body, answer)
            yield from events
            self.hold()
            yield last

    brief = APIConnectOptions(max_retry=0, timeout=0.1)
    with pytest.raises(APITimeoutError):
        talk(own, server=Pausing(api_key=KEY), options=brief)


def test_what_is_said_of_tools_holds_where_a_request_leaves_it_open() -> None:
    @function_tool
    async def stop() -> None:
        """Stop talking."""

    def make(vendor: OpenAIServer) -> LLM:
        return own(vendor, tool_choice="required", parallel_tool_calls=False)

    _, vendor = talk(make, tools=[stop])
    assert vendor.asked_for["tool_choice"] == "required"
    assert vendor.asked_for["parallel_tool_calls"] is False
    _, vendor = talk(make, tools=[stop], tool_choice="none", parallel_tool_calls=True)
    assert vendor.asked_for["tool_choice"] == "none"
    assert vendor.asked_for["parallel_tool_calls"] is True


@pytest.mark.parametrize("row", sorted(models.SERVICE_BASE_URLS))
def test_each_compatible_service_has_its_key_its_url_and_its_model(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = getattr(LLM, f"with_{row}")
    prefix = {"meta": "LLAMA", "x_ai": "XAI"}.get(row, row.upper())
    monkeypatch.setenv(f"{prefix}_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    async def urls() -> str:
        async with make() as model:
            return str(model._client.url)

    assert asyncio.run(urls()) == models.SERVICE_BASE_URLS[row]

    async def ask() -> tuple[str, str, str]:
        async with OpenAIServer(api_key=KEY) as vendor:
            monkeypatch.setenv(f"{prefix}_BASE_URL", vendor.url)
            async with make(**({"api_key": KEY} if row == "ollama" else {})) as model:
                chat_ctx = ChatContext()
                chat_ctx.add_message(role="developer", content="Be brief.")
                chat_ctx.add_message(role="user", content="Hello.")
                await model.chat(chat_ctx=chat_ctx, conn_options=ONCE).collect()
                body = vendor.asked_for
                return str(body["model"]), str(body["messages"][0]["role"]), model.provider  # type: ignore[index]  # a body

    model, role, provider = asyncio.run(ask())
    assert (model, role) == (models.SERVICE_LLM_MODELS[row], "system")
    assert provider.lower().replace(" ", "") == row.replace("_", "")


def test_a_model_of_one_s_own_machine_needs_no_key() -> None:
    class Home(OpenAIServer):
        needs_key = False

    _, vendor = talk(lambda vendor: LLM.with_ollama(base_url=vendor.url), server=Home())

    assert "Authorization" not in vendor.seen[0].headers


def test_other_services_need_a_key_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("GROQ_API_KEY", raising=False)

    with pytest.raises(MissingCredentialsError, match="GROQ_API_KEY"):
        LLM.with_groq()


def test_a_class_of_one_s_own_says_whom_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    class ExampleLLM(LLM):
        service = Service(
            name="Example",
            key_variable="EXAMPLE_API_KEY",
            url_variable="EXAMPLE_BASE_URL",
            base_url="https://example.invalid/v1",
        )

    monkeypatch.setenv("EXAMPLE_API_KEY", KEY)
    with pytest.raises(ValueError, match="say which"):
        ExampleLLM()
    model = ExampleLLM(model="one")

    assert (model.provider, model.model) == ("Example", "one")
    assert model._client.url == "https://example.invalid/v1"


def test_azure_has_its_own_path_header_and_version() -> None:
    _, vendor = talk(
        lambda vendor: LLM.with_azure(
            model="gpt-4o",
            azure_endpoint=vendor.url,
            azure_deployment="mine",
            api_version="2024-10-21",
            api_key=KEY,
            temperature=0.5,
        )
    )

    [request] = vendor.seen
    assert request.path == "/openai/deployments/mine/chat/completions"
    assert request.query == {"api-version": "2024-10-21"}
    assert request.headers["api-key"] == KEY
    assert "Authorization" not in request.headers
    assert vendor.asked_for["temperature"] == 0.5


async def _later() -> str:
    return KEY


@pytest.mark.parametrize("give", [lambda: KEY, _later], ids=["a function", "a coroutine function"])
def test_azure_takes_a_token_instead_of_a_key(give: Callable[[], str | Awaitable[str]]) -> None:
    _, vendor = talk(
        lambda vendor: LLM.with_azure(
            azure_endpoint=vendor.url, api_version="1", azure_ad_token_provider=give
        )
    )

    [request] = vendor.seen
    assert request.path == f"/openai/deployments/{models.DEFAULT_LLM_MODEL}/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert "api-key" not in request.headers


def test_azure_looks_for_the_rest_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2")
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "another")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "p")

    def make(vendor: OpenAIServer) -> LLM:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", vendor.url)
        return LLM.with_azure(
            organization="o", extra_query={"trace": "1"}, extra_headers={"X-Title": "tests"}
        )

    _, vendor = talk(make)

    [request] = vendor.seen
    assert request.query == {"api-version": "2", "trace": "1"}
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["OpenAI-Organization"] == "o"
    assert request.headers["X-Title"] == "tests"
    assert request.headers["OpenAI-Project"] == "p"


def test_a_key_that_is_given_to_azure_comes_before_a_token_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "another")

    _, vendor = talk(
        lambda vendor: LLM.with_azure(
            base_url=f"{vendor.url}/openai/deployments/mine",
            api_version="1",
            api_key=KEY,
        )
    )

    assert vendor.seen[0].headers["api-key"] == KEY


def test_azure_needs_to_know_where_and_which_version(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AZURE_OPENAI_ENDPOINT", "OPENAI_API_VERSION", "AZURE_OPENAI_AD_TOKEN"):
        monkeypatch.delenv(variable, raising=False)

    with pytest.raises(ValueError, match="AZURE_OPENAI_ENDPOINT"):
        LLM.with_azure(api_key=KEY, api_version="1")
    with pytest.raises(ValueError, match="OPENAI_API_VERSION"):
        LLM.with_azure(api_key=KEY, azure_endpoint="https://mine.invalid")


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="temprature"):
        LLM(api_key=KEY).update_options(temprature=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda vendor: LLM(token_provider=lambda: KEY, base_url=vendor.url),
        lambda vendor: LLM(api_key=KEY, base_url=vendor.url),
        lambda vendor: LLM.with_azure(api_key=KEY, azure_endpoint=vendor.url, api_version="1"),
    ],
    ids=["a token", "a key", "a key of Azure"],
)
def test_a_key_or_token_that_a_refusal_repeats_is_not_in_the_error(
    make: Callable[[OpenAIServer], LLM],
) -> None:
    class Talkative(OpenAIServer):
        def refusal(self, status: int) -> Mapping[str, object]:
            headers = self.seen[-1].headers
            return {"error": f"not {headers.get('Authorization') or headers['api-key']}"}

    vendor = Talkative(api_key=KEY)
    vendor.refuse(403)
    with pytest.raises(APIStatusError) as caught:
        talk(make, server=vendor)

    assert str(caught.value.body).removesuffix('"}').endswith("***")
