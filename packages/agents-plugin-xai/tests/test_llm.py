"""xAI's chat completions, against a server that speaks their protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from agents_core.chat import ChatContext
from agents_core.errors import MissingCredentialsError
from agents_core.retry import APIConnectOptions
from agents_core.testing.llm import LLMSuite
from agents_core.tools import function_tool
from agents_plugin_xai import LLM, models
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.xai import XAIServer

KEY = "a-key-of-somebody"
ONCE = APIConnectOptions(max_retry=0)


class TestLLM(LLMSuite):
    structured = True
    options = {"model": "grok-4", "reasoning_effort": "low"}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> XAIServer:
        return XAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> LLM:
        return LLM(api_key=self.secret, base_url=vendor.url)


def test_its_key_its_place_and_its_model_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of another service")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://another.invalid")
    monkeypatch.delenv("XAI_API_KEY", raising=False)
    monkeypatch.delenv("XAI_BASE_URL", raising=False)

    with pytest.raises(MissingCredentialsError, match="XAI_API_KEY"):
        LLM()
    monkeypatch.setenv("XAI_API_KEY", KEY)
    model = LLM()

    assert (model.provider, model.model) == ("xAI", models.DEFAULT_LLM_MODEL)
    assert model._client.url == models.DEFAULT_BASE_URL


@function_tool
async def stop(reason: str = "") -> None:
    """Stop talking."""


def test_instructions_tools_and_what_it_alone_has_go_as_it_wants_them() -> None:
    search = {"mode": "auto"}

    class Searching(XAIServer):
        fields = XAIServer.fields | {"search_parameters"}

    async def ask() -> Mapping[str, Any]:
        extra = {"search_parameters": search}
        async with (
            Searching(api_key=KEY) as vendor,
            LLM(api_key=KEY, base_url=vendor.url, extra_body=extra) as model,
        ):
            chat_ctx = ChatContext()
            chat_ctx.add_message(role="developer", content="Be brief.")
            chat_ctx.add_message(role="user", content="Hello.")
            await model.chat(chat_ctx=chat_ctx, tools=[stop], conn_options=ONCE).collect()
            return vendor.asked_for

    body = asyncio.run(ask())
    assert body["search_parameters"] == search
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "strict" not in body["tools"][0]["function"]
