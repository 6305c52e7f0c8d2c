"""The way to Google: one request for each answer, or a websocket for a conversation."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING

from agents_core.errors import APIError, APIStatusError, MissingCredentialsError
from agents_core.http import (
    HttpClient,
    Socket,
    base_url,
    mapped_errors,
    required_key,
    server_events,
)
from agents_plugin_google import models
from agents_plugin_google._tokens import Tokens
from agents_plugin_google._wire.answers import retry_delay
from agents_plugin_google._wire.places import Gemini, Place, Vertex, vertex_url

if TYPE_CHECKING:
    import aiohttp
    from google.auth.credentials import Credentials


class Client:
    """Asks with one key at the Gemini API, or with tokens at Vertex AI.

    Raises:
        MissingCredentialsError: the Gemini API is asked, and there is no key.
        ValueError: the base URL is none.
    """

    def __init__(  # noqa: PLR0913 - the options that all of Google's have
        self,
        *,
        api_key: str | None,
        vertexai: bool | None,
        project: str | None,
        location: str | None,
        credentials: Credentials | None,
        url: str | None,
        version: str | None,
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        self.vertexai = uses_vertex(vertexai)
        self.provider = "Vertex AI" if self.vertexai else "Gemini"
        self._project = project or _environment("GOOGLE_CLOUD_PROJECT")
        place = location or _environment("GOOGLE_CLOUD_LOCATION")
        self._location = place or models.DEFAULT_VERTEX_LOCATION
        self._version = version
        self._key = "" if self.vertexai else _key(api_key, self.provider)
        self._tokens = Tokens(credentials)
        default = vertex_url(self._location) if self.vertexai else models.DEFAULT_BASE_URL
        self._url = base_url(url, variable="GOOGLE_BASE_URL", default=default)
        self._http = HttpClient(self.provider, session=http_session, secrets=(self._key,))

    async def generate(
        self, model: str, body: Mapping[str, object], *, timeout: float
    ) -> AsyncGenerator[str]:
        """The answer to a request, as JSON, piece by piece.

        Raises:
            APIError: whatever went wrong.
        """
        place, headers = await self._enter(timeout)
        url = self._url + place.generation(model)
        with _waits():
            asked = self._http.request(
                "POST",
                url,
                json=place.taken(body),
                headers=headers,
                secrets=_tokens(headers),
                timeout=timeout,
            )
            async with (
                asked as response,
                contextlib.aclosing(server_events(response.content.iter_any())) as events,
            ):
                async for data in events:
                    yield data

    @contextlib.asynccontextmanager
    async def converse(self, *, timeout: float) -> AsyncIterator[tuple[Socket, Place]]:
        """A websocket to converse on, and where it leads.

        Raises:
            APIError: whatever went wrong.
        """
        place, headers = await self._enter(timeout)
        url = self._url + place.conversation()
        async with self._http.connect(
            url,
            timeout=timeout,
            headers=headers,
            secrets=_tokens(headers),
            max_msg_size=_LARGEST_MESSAGE,
            heartbeat=_HEARTBEAT,
        ) as socket:
            yield socket, place

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _enter(self, timeout: float) -> tuple[Place, dict[str, str]]:
        if not self.vertexai:
            version = self._version or models.DEFAULT_API_VERSION
            return Gemini(version=version), {"x-goog-api-key": self._key}
        with mapped_errors(self.provider):
            async with asyncio.timeout(timeout):
                token, known = await self._tokens.fetch()
        project = self._project or known
        if not project:
            raise APIError(
                "Vertex AI needs a project: give one, or set GOOGLE_CLOUD_PROJECT", retryable=False
            )
        version = self._version or models.DEFAULT_VERTEX_API_VERSION
        place = Vertex(project=project, location=self._location, version=version)
        return place, {"Authorization": f"Bearer {token}"}


_LARGEST_MESSAGE = 16 * 2**20
"""Bytes; some seconds of sound come in one message."""

_HEARTBEAT = 20.0
"""Seconds between pings: a line that is dead without a word is noticed in the end."""


def uses_vertex(vertexai: bool | None) -> bool:  # noqa: FBT001 - an option, handed through
    """Whether Vertex AI is to be asked: `vertexai`, or what the environment says."""
    if vertexai is not None:
        return vertexai
    return _environment("GOOGLE_GENAI_USE_VERTEXAI").lower() in {"1", "true"}


def _key(key: str | None, provider: str) -> str:
    """Google's own name for the variable first, then the one its documentation uses too."""
    try:
        return required_key(key, variable="GOOGLE_API_KEY", provider=provider)
    except MissingCredentialsError as missing:
        try:
            return required_key(key, variable="GEMINI_API_KEY", provider=provider)
        except MissingCredentialsError:
            raise missing from None


def _tokens(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What a refusal must not repeat of a request with these headers."""
    return (headers.get("Authorization", "").removeprefix("Bearer "),)


def _environment(variable: str) -> str:
    return os.environ.get(variable, "").strip()  # noqa: TID251 - a plugin's options may stand there


@contextlib.contextmanager
def _waits() -> Iterator[None]:
    """Inside, a refusal tells how long to wait, which Google says in the body and not by header."""
    try:
        yield
    except APIStatusError as error:
        if error.retry_after is None:
            error.retry_after = retry_delay(error.body)
        raise
