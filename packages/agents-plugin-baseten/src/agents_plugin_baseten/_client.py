"""The way to a model that somebody deployed at Baseten: requests over HTTP, or a socket."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeVar

from agents_core.errors import APIError
from agents_core.http import HttpClient, Socket, base_url, malformed, required_key
from agents_core.tts import RequestId
from agents_plugin_baseten._wire.deployments import deployment_of
from agents_plugin_baseten._wire.speaking import is_sound

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")
M = TypeVar("M", str, bytes, str | bytes)

PROVIDER = "Baseten"

_HEARTBEAT = 30.0
"""Seconds between pings: a line that went dead is noticed, even where nothing is expected."""


class Client:
    """Asks with one key, at one endpoint.

    Raises:
        MissingCredentialsError: there is no key.
        ValueError: the endpoint is none, or there is none.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        endpoint: str,
        otherwise: str = "",
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            api_key: without, that of the environment.
            endpoint: empty for the one of the environment.
            otherwise: the endpoint if neither is there.
            http_session: one of the user's, which is left open.
        """
        key = required_key(api_key, variable="BASETEN_API_KEY", provider=PROVIDER)
        self._url = base_url(endpoint, variable="BASETEN_MODEL_ENDPOINT", default=otherwise)
        self._headers = {"Authorization": f"Api-Key {key}"}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))

    @property
    def deployment(self) -> str:
        """The name of what answers."""
        return deployment_of(self._url)

    async def speak(
        self, body: Mapping[str, object], *, timeout: float
    ) -> AsyncGenerator[RequestId | bytes]:
        """The sound for a request, as it comes, after the id of the request.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST", self._url, json=body, headers=self._headers, timeout=timeout
        )
        async with asked as response:
            if not is_sound(response.content_type):
                raise APIError(f"{PROVIDER} answered {response.content_type} instead of sound")
            if request_id := response.headers.get("x-baseten-request-id"):
                yield RequestId(request_id)
            async for piece in response.content.iter_any():
                yield piece

    def connect(self, *, timeout: float) -> AbstractAsyncContextManager[Socket]:
        """A socket that is open inside; `APIError` for whatever goes wrong there."""
        return self._http.connect(
            self._url, headers=self._headers, heartbeat=_HEARTBEAT, timeout=timeout
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
