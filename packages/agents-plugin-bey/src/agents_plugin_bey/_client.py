"""The way to Beyond Presence: one request for each session."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from agents_core.avatar import Invitation
from agents_core.errors import MissingCredentialsError
from agents_core.http import HttpClient, base_url, malformed, required_key
from agents_plugin_bey import models
from agents_plugin_bey._wire import format_request, read_session
from agents_plugin_bey.errors import BeyException

if TYPE_CHECKING:
    import aiohttp

PROVIDER = "Beyond Presence"


class Client:
    """Asks with one key, at one place; no connection outlasts its request.

    Raises:
        BeyException: there is no key.
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
            self._key = required_key(api_key, variable="BEY_API_KEY", provider=PROVIDER)
        except MissingCredentialsError as missing:
            raise BeyException(str(missing)) from None
        self._url = base_url(url, variable="BEY_API_URL", default=models.DEFAULT_BASE_URL)
        self._session = http_session

    async def begin(self, avatar_id: str, invitation: Invitation, *, timeout: float) -> str:
        """Begin a session; its id.

        Raises:
            APIError: whatever went wrong.
        """
        # What is wrong with a request, the service may say by repeating it.
        secrets = (self._key, invitation.token)
        http = HttpClient(PROVIDER, session=self._session, secrets=secrets)
        asked = http.request(
            "POST",
            f"{self._url}/v1/session",
            json=format_request(avatar_id, url=invitation.url, token=invitation.token),
            headers={"x-api-key": self._key},
            timeout=timeout,
        )
        async with aclosing(http), asked as response, asyncio.timeout(timeout):
            answer = await response.json()
        with malformed(PROVIDER):
            return read_session(answer)
