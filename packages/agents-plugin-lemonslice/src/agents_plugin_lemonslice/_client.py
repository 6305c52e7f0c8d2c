"""The way to LemonSlice: one request to begin a session, and one to end it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from http import HTTPStatus
from typing import TYPE_CHECKING

from agents_core.errors import APIStatusError, MissingCredentialsError
from agents_core.http import HttpClient, base_url, malformed, required_key
from agents_plugin_lemonslice import models
from agents_plugin_lemonslice._wire import END, control_path, read_session
from agents_plugin_lemonslice.errors import MissingKeyError

if TYPE_CHECKING:
    import aiohttp

PROVIDER = "LemonSlice"


class Client:
    """Asks with one key, at one place; no connection outlasts its request.

    Raises:
        MissingKeyError: there is no key.
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
            self._key = required_key(api_key, variable="LEMONSLICE_API_KEY", provider=PROVIDER)
        except MissingCredentialsError as missing:
            raise MissingKeyError(str(missing)) from None
        self._url = base_url(url, variable="LEMONSLICE_API_URL", default=models.DEFAULT_BASE_URL)
        self._session = http_session

    async def begin(self, body: Mapping[str, object], *, token: str, timeout: float) -> str:
        """Begin a session; its id.

        Args:
            body: of the request.
            token: of the room, which is in it, and is kept out of errors.
            timeout: seconds for the request.

        Raises:
            APIError: whatever went wrong.
        """
        answer = await self._post("", body, token=token, timeout=timeout)
        with malformed(PROVIDER):
            return read_session(answer)

    async def end(self, session_id: str, *, timeout: float) -> None:
        """End a session, at once; one that is over already stays so.

        Raises:
            APIError: whatever went wrong.
        """
        try:
            await self._post(control_path(session_id), END, token="", timeout=timeout)
        except APIStatusError as error:
            if error.status_code not in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                raise

    async def _post(
        self, path: str, body: Mapping[str, object], *, token: str, timeout: float
    ) -> object:
        # What is wrong with a request, the service may say by repeating it.
        http = HttpClient(PROVIDER, session=self._session, secrets=(self._key, token))
        asked = http.request(
            "POST",
            f"{self._url}{path}",
            json=body,
            headers={"X-API-Key": self._key},
            timeout=timeout,
        )
        async with aclosing(http), asked as response, asyncio.timeout(timeout):
            answer: object = await response.json()
        return answer
