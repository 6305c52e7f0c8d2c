"""The way to Hedra: one form for each session."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING

from agents_core.errors import MissingCredentialsError
from agents_core.http import HttpClient, base_url, required_key
from agents_plugin_hedra import models
from agents_plugin_hedra._wire import Part
from agents_plugin_hedra.errors import MissingKeyError

if TYPE_CHECKING:
    import aiohttp

PROVIDER = "Hedra"


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
            self._key = required_key(api_key, variable="HEDRA_API_KEY", provider=PROVIDER)
        except MissingCredentialsError as missing:
            raise MissingKeyError(str(missing)) from None
        self._url = base_url(url, variable="HEDRA_API_URL", default=models.DEFAULT_BASE_URL)
        self._session = http_session

    async def begin(self, parts: Iterable[Part], *, token: str, timeout: float) -> None:
        """Begin a session; returns when the service has agreed.

        Args:
            parts: of the form.
            token: of the room, which is in it, and is kept out of errors.
            timeout: seconds for the request.

        Raises:
            APIError: whatever went wrong.
        """
        # What is wrong with a request, the service may say by repeating it.
        http = HttpClient(PROVIDER, session=self._session, secrets=(self._key, token))
        asked = http.request(
            "POST",
            self._url,
            data=_form(parts),
            headers={"x-api-key": self._key},
            timeout=timeout,
        )
        async with aclosing(http), asked as response, asyncio.timeout(timeout):
            await response.read()  # what is in it is not documented; that it is whole, counts


def _form(parts: Iterable[Part]) -> aiohttp.FormData:
    """For one request: what was sent cannot be sent again."""
    import aiohttp

    form = aiohttp.FormData(default_to_multipart=True)
    for part in parts:
        # A picture as a file: it may be long, and is sent in pieces then.
        value = io.BytesIO(part.value) if isinstance(part.value, bytes) else part.value
        form.add_field(part.name, value, content_type=part.mime_type, filename=part.filename)
    return form
