"""A small plugin in which nothing is broken, and the suite that says so."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from agents_core.errors import APIError
from agents_core.http import HttpClient
from agents_core.testing.tts import TTSSuite
from agents_core.testing.vendor import Vendor
from agents_core.tts import TTS, TTSCapabilities, TTSPart
from agents_plugins_test.vendors.rime import RimeServer

RATE = 24_000
"""Samples a second of what it says."""


class Tidy(TTS):
    """What the others are made of: nothing is broken here."""

    def __init__(self, key: str, url: str) -> None:
        super().__init__(capabilities=TTSCapabilities(streaming=False), sample_rate=RATE)
        self._key = key
        self._url = f"{url}/rime-tts"
        self._speaker = "luna"
        self._http = HttpClient("Rime", secrets=(key,))

    @property
    def model(self) -> str:
        return "arcana"

    @property
    def provider(self) -> str:
        return "Rime"

    def update_options(self, *, speaker: str) -> None:
        self._speaker = speaker

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        async with self._asked(text, timeout) as response:
            if not response.content_type.startswith("audio/"):
                raise APIError(f"{response.content_type} instead of sound")
            async for piece in response.content.iter_any():
                yield piece

    def _asked(self, text: str, timeout: float) -> Any:  # noqa: ANN401 - a context manager
        return self._http.request(
            "POST", self._url, json=self._body(text), headers=self._headers, timeout=timeout
        )

    def _body(self, text: str) -> dict[str, object]:
        return {"text": text, "speaker": self._speaker, "modelId": self.model}

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._key}"}


class TidySuite(TTSSuite):
    """Told to `Tidy`, and to what is made of it."""

    options = {"speaker": "celeste"}  # noqa: RUF012 - as the suite declares it
    kind: type[Tidy] = Tidy

    def open_vendor(self) -> RimeServer:
        return RimeServer(api_key=self.secret)

    def create(self, vendor: Vendor) -> Tidy:
        return self.kind(self.secret, getattr(vendor, "url", ""))
