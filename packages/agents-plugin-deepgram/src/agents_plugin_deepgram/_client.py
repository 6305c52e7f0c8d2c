"""The way to Deepgram: requests over HTTP, and sockets that stay open for a conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeVar

from agents_core.http import HttpClient, Socket, base_url, demand_sound, malformed, required_key
from agents_core.tts import RequestId
from agents_plugin_deepgram import models
from agents_plugin_deepgram._wire.queries import Query, split_query

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")
M = TypeVar("M", str, bytes, str | bytes)

PROVIDER = "Deepgram"
LISTEN, TURNS, SPEAK = "/v1/listen", "/v2/listen", "/v1/speak"

_HEARTBEAT = 30.0
"""Seconds between pings: a line that went dead is noticed, even where nothing is expected."""


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
        key = required_key(api_key, variable="DEEPGRAM_API_KEY", provider=PROVIDER)
        place, self._kept = split_query(url)
        self._url = base_url(place, variable="DEEPGRAM_BASE_URL", default=models.DEFAULT_BASE_URL)
        self._headers = {"Authorization": f"Token {key}"}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))

    async def transcribe(self, query: Query, wav: bytes, *, timeout: float) -> bytes:
        """The answer about a whole recording.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST",
            self._url + LISTEN,
            params=self._kept + query,
            data=wav,
            headers={**self._headers, "Content-Type": "audio/wav", "Accept": "application/json"},
            timeout=timeout,
        )
        async with asked as response:
            return await response.read()

    async def speak(
        self, query: Query, body: Mapping[str, object], *, timeout: float
    ) -> AsyncGenerator[RequestId | bytes]:
        """The sound for a whole text, as it comes, after the id of the request.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST",
            self._url + SPEAK,
            params=self._kept + query,
            json=body,
            headers=self._headers,
            timeout=timeout,
        )
        async with asked as response:
            demand_sound(response, provider=PROVIDER)
            if request_id := response.headers.get("dg-request-id"):
                yield RequestId(request_id)
            async for piece in response.content.iter_any():
                yield piece

    def connect(
        self, path: str, query: Query, *, timeout: float
    ) -> AbstractAsyncContextManager[Socket]:
        """A socket that is open inside; `APIError` for whatever goes wrong there."""
        return self._http.connect(
            self._url + path,
            params=self._kept + query,
            headers=self._headers,
            heartbeat=_HEARTBEAT,
            timeout=timeout,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def understand(read: Callable[[M], T], message: M) -> T:
    """What `read` makes of a message.

    Raises:
        APIError: it is malformed, or tells of an error.
    """
    with malformed(PROVIDER):
        return read(message)
