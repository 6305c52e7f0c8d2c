"""The way to Rime: one request over HTTP for each text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING

from agents_core.http import HttpClient, base_url, demand_sound, required_key
from agents_plugin_rime import models

if TYPE_CHECKING:
    import aiohttp

PROVIDER = "Rime"


class Client:
    """Asks with one key, at one place.

    Raises:
        MissingCredentialsError: there is no key.
        ValueError: the base URL is none.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        url: str | None,
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        key = required_key(api_key, variable="RIME_API_KEY", provider=PROVIDER)
        self._url = base_url(url, variable="RIME_BASE_URL", default=models.DEFAULT_BASE_URL)
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "audio/pcm"}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))

    async def speak(self, body: Mapping[str, object], *, timeout: float) -> AsyncGenerator[bytes]:
        """The sound for a request, as it comes.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST", f"{self._url}/rime-tts", json=body, headers=self._headers, timeout=timeout
        )
        async with asked as response:
            demand_sound(response, provider=PROVIDER)
            async for piece in response.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()
