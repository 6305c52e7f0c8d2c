"""Chat completions at Baseten, against a server that speaks its protocol."""

from __future__ import annotations

import pytest

from agents_core.errors import MissingCredentialsError
from agents_core.testing.llm import LLMSuite
from agents_plugin_baseten import LLM
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.baseten import BasetenServer


class TestLLM(LLMSuite):
    structured = True
    options = {"model": "moonshotai/Kimi-K2"}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> BasetenServer:
        return BasetenServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> LLM:
        return LLM(model="openai/gpt-oss-120b", api_key=self.secret, base_url=vendor.url)


def test_a_model_has_to_be_said() -> None:
    with pytest.raises(ValueError, match="Baseten has no model"):
        LLM(api_key="a")


def test_the_key_is_baseten_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "another's")
    monkeypatch.delenv("BASETEN_API_KEY", raising=False)
    with pytest.raises(MissingCredentialsError, match="BASETEN_API_KEY"):
        LLM(model="a")
    monkeypatch.setenv("BASETEN_BASE_URL", "http://127.0.0.1:1/v1")
    model = LLM(model="a", api_key="b")
    assert (model.provider, model._client.url) == ("Baseten", "http://127.0.0.1:1/v1")
