"""The way to Anam: a token for the session, and then the session."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING

from agents_core.errors import MissingCredentialsError
from agents_core.http import HttpClient, base_url, malformed, required_key
from agents_plugin_anam import models
from agents_plugin_anam._wire import read_session, read_token
from agents_plugin_anam.errors import AnamException

if TYPE_CHECKING:
    import aiohttp

PROVIDER = "Anam"


class Client:
    """Asks with one key, at one place; no connection outlasts its request.

    Raises:
        AnamException: there is no key.
        ValueError: the URL is none.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        url: str | None,
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        try:
            self._key = required_key(api_key, variable="ANAM_API_KEY", provider=PROVIDER)
        except MissingCredentialsError as missing:
            raise AnamException(str(missing)) from None
        self._url = base_url(url, variable="ANAM_API_URL", default=models.DEFAULT_BASE_URL)
        self._session = http_session

    async def begin(self, body: Mapping[str, object], *, token: str, timeout: float) -> str:
        """Begin a session; its id.

        Args:
            body: of the first request.
            token: of the room, which is in it, and is kept out of errors.
            timeout: seconds for each of the two requests.

        Raises:
            APIError: whatever went wrong.
        """
        first = await self._post(
            "/v1/auth/session-token", body, key=self._key, token=token, timeout=timeout
        )
        with malformed(PROVIDER):
            leave = read_token(first)
        second = await self._post("/v1/engine/session", {}, key=leave, token=token, timeout=timeout)
        with malformed(PROVIDER):
            return read_session(second)

    async def _post(
        self, path: str, body: Mapping[str, object], *, key: str, token: str, timeout: float
    ) -> object:
        # What is wrong with a request, the service may say by repeating it.
        http = HttpClient(PROVIDER, session=self._session, secrets=(self._key, key, token))
        asked = http.request(
            "POST",
            f"{self._url}{path}",
            json=body,
            headers={"Authorization": f"Bearer {key}"},
            timeout=timeout,
        )
        async with aclosing(http), asked as response, asyncio.timeout(timeout):
            answer: object = await response.json()
        return answer
