"""The way to OpenAI, and to whoever speaks its protocol."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
)
from typing import TYPE_CHECKING, Any, TypeAlias

from agents_core.errors import APIError
from agents_core.http import HttpClient, base_url, demand_sound, required_key, server_events
from agents_core.tts import RequestId
from agents_plugin_openai._wire.errors import complaint
from agents_plugin_openai._wire.llm_answer import DONE
from agents_plugin_openai.services import OPENAI, Service

if TYPE_CHECKING:
    import aiohttp

_JSON = "application/json"
_GOODBYE = 0.5
"""Seconds for an answer to end after its last event."""

TokenSource: TypeAlias = Callable[[], str | Awaitable[str]]
"""Gives a bearer token, each time that one is needed; it keeps what is still valid by itself."""


class Client:
    """Asks with one key, at one place.

    Raises:
        MissingCredentialsError: there is neither a key nor a token, and the service wants one.
        ValueError: the base URL is none.
    """

    def __init__(  # noqa: PLR0913 - where to ask, and as whom
        self,
        *,
        api_key: str | None = None,
        url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
        service: Service = OPENAI,
        token: TokenSource | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            api_key: without, that of the environment.
            url: the base URL; without, that of the environment, else the service's own.
            http_session: one of the user's, which is left open.
            service: whom to ask.
            token: asked for a bearer token before each request, instead of a key.
            headers: to add to each request, such as the organisation.
            query: to add to each URL, such as the version of an API; no keys.
        """
        self.service = service
        self.query = dict(query or {})
        self.url = base_url(url, variable=service.url_variable, default=service.base_url)
        """Without a slash at its end."""
        self._token = token
        self._key = "" if token else _key(api_key, service)
        self._headers = dict(headers or {})
        self._http = HttpClient(service.name, session=http_session, secrets=(self._key,))

    async def headers(self) -> dict[str, str]:
        """Those of the next request, with the key or a fresh token in them."""
        key = self._key
        if self._token is not None:
            given = self._token()
            key = await given if inspect.isawaitable(given) else given
        if not key:
            return dict(self._headers)
        if self._token is None and self.service.key_header == "api-key":
            return {**self._headers, "api-key": key}
        return {**self._headers, "Authorization": f"Bearer {key}"}

    async def chat(self, body: Mapping[str, object], *, timeout: float) -> AsyncGenerator[str]:
        """The data of each event of an answer, `DONE` among them.

        Raises:
            APIError: whatever went wrong.
        """
        async with self._request("/chat/completions", body, timeout=timeout) as response:
            if response.content_type == _JSON:
                raise self._instead(await response.json())
            async with contextlib.aclosing(_events(response)) as events:
                async for data in events:
                    yield data

    async def transcribe(
        self, fields: Iterable[tuple[str, str]], recording: bytes, *, timeout: float
    ) -> tuple[str, Any]:
        """What is said in a WAV file: the id of the request, and the JSON that came.

        Raises:
            APIError: whatever went wrong.
        """
        import aiohttp

        form = aiohttp.FormData(list(fields))
        file = io.BytesIO(recording)  # which is sent in pieces
        form.add_field("file", file, filename="audio.wav", content_type="audio/wav")
        async with self._request("/audio/transcriptions", form, timeout=timeout) as response:
            answer = await response.json()
            if isinstance(answer, dict) and "error" in answer:
                raise self._instead(answer)
            return _request_id(response), answer

    async def speak(
        self, body: Mapping[str, object], *, timeout: float
    ) -> AsyncGenerator[RequestId | bytes]:
        """The id of the request, and then the bytes of the sound, as they come.

        Raises:
            APIError: whatever went wrong.
        """
        async with self._request("/audio/speech", body, timeout=timeout) as response:
            if response.content_type == _JSON:
                raise self._instead(await response.json())
            demand_sound(response, provider=self.service.name)
            yield RequestId(_request_id(response))
            async for piece in response.content.iter_any():
                yield piece

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @contextlib.asynccontextmanager
    async def _request(
        self, path: str, body: Mapping[str, object] | aiohttp.FormData, *, timeout: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = await self.headers()
        sent = {"json": body} if isinstance(body, Mapping) else {"data": body}
        asked = self._http.request(
            "POST",
            f"{self.url}{path}",
            headers=headers,
            params=self.query,
            timeout=timeout,
            secrets=tokens(headers),
            **sent,
        )
        async with asked as response:
            yield response

    def _instead(self, answer: object) -> APIError:
        """The error for JSON that came where something else was asked for."""
        error = answer.get("error") if isinstance(answer, dict) else None
        return complaint(error or "it answered with JSON of another kind", self.service.name)


def _key(key: str | None, service: Service) -> str:
    if service.key_variable is None:
        return (key or "").strip()
    return required_key(key, variable=service.key_variable, provider=service.name)


async def _events(response: aiohttp.ClientResponse) -> AsyncGenerator[str]:
    """All of them; what happens after the last one happens to nobody.

    The end of the answer is waited for, so that the connection can be used again, but not for long.
    """
    import aiohttp

    done = False
    try:
        async with (
            asyncio.timeout(None) as goodbye,
            contextlib.aclosing(server_events(response.content.iter_any())) as events,
        ):
            async for data in events:
                yield data
                if data == DONE:
                    done = True
                    goodbye.reschedule(asyncio.get_running_loop().time() + _GOODBYE)
    except (TimeoutError, OSError, aiohttp.ClientError):
        if not done:
            raise


def tokens(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What a refusal must not repeat of a request with these headers."""
    return (headers.get("Authorization", "").removeprefix("Bearer "),)


def _request_id(response: aiohttp.ClientResponse) -> str:
    return response.headers.get("x-request-id", "")
