"""The ways to Neuphonic: events for a whole text, and a websocket for one that is written."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError, APIError
from agents_core.http import (
    HttpClient,
    Socket,
    base_url,
    malformed,
    required_key,
    server_events,
)
from agents_plugin_neuphonic import models
from agents_plugin_neuphonic._wire import (
    PROVIDER,
    Voice,
    format_end,
    format_path,
    format_query,
    format_text,
    format_whole,
    read_piece,
)

if TYPE_CHECKING:
    import aiohttp


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
        key = required_key(api_key, variable="NEUPHONIC_API_KEY", provider=PROVIDER)
        self._url = base_url(url, variable="NEUPHONIC_BASE_URL", default=models.DEFAULT_BASE_URL)
        self._headers = {"X-API-KEY": key}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))

    async def speak(self, text: str, voice: Voice, *, timeout: float) -> AsyncGenerator[bytes]:
        """The sound of a whole text, as it comes.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST",
            f"{self._url}/sse/{format_path(voice)}",
            json=format_whole(text, voice),
            headers=self._headers,
            timeout=timeout,
        )
        async with asked as response:
            if response.content_type != "text/event-stream":
                raise APIError(f"{PROVIDER} answered {response.content_type} instead of events")
            async with contextlib.aclosing(server_events(response.content.iter_any())) as events:
                async for event in events:
                    with malformed(PROVIDER):
                        piece = read_piece(event)
                    yield piece.sound

    @contextlib.asynccontextmanager
    async def line(self, voice: Voice, *, timeout: float) -> AsyncIterator[Socket]:
        """A websocket over which `voice` speaks, utterance after utterance.

        Raises:
            APIError: whatever went wrong.
        """
        url = f"{self._url}/{format_path(voice)}?{format_query(voice)}"
        async with self._http.connect(url, headers=self._headers, timeout=timeout) as socket:
            yield socket

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class Utterance:
    """Text goes in piece by piece, and its sound comes out."""

    def __init__(self, socket: Socket) -> None:
        self.name = uuid.uuid4().hex
        self.over = False
        """Whether all sound has come."""
        self._socket = socket
        self._whole = False

    async def say(self, text: str) -> None:
        """Go on with `text`.

        Raises:
            APIError: the connection is gone.
        """
        await self._socket.send(format_text(text, utterance=self.name))
        self._socket.expect()

    async def end(self) -> None:
        """Say that there is no more text.

        Raises:
            APIError: the connection is gone.
        """
        self._whole = True
        await self._socket.send(format_end(utterance=self.name))
        self._socket.expect()

    async def receive(self) -> bytes:
        """The sound that comes next.

        Raises:
            APIError: whatever went wrong.
        """
        message = await self._socket.receive()
        if message is None:
            raise APIConnectionError(f"{PROVIDER} hung up in the middle of an answer")
        with malformed(PROVIDER):
            piece = read_piece(message, utterance=self.name)
        self.over = piece.last
        if self.over and not self._whole:
            raise APIError(f"{PROVIDER} ended before the text did")
        if not self._whole:
            self._socket.rest()  # whoever writes the text may take their time
        return piece.sound
