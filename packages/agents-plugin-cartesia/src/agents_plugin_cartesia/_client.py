"""The ways to Cartesia: a request for a whole text, and one websocket for all that is written."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError
from agents_core.http import (
    HttpClient,
    SharedSocket,
    Socket,
    base_url,
    demand_sound,
    malformed,
    required_key,
)
from agents_core.tts import SegmentEnd, TTSPart
from agents_plugin_cartesia import models
from agents_plugin_cartesia._wire import (
    PROVIDER,
    Answer,
    Voice,
    context_of,
    format_cancel,
    format_transcript,
    format_whole,
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
        api_version: str,
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        key = required_key(api_key, variable="CARTESIA_API_KEY", provider=PROVIDER)
        self._url = base_url(url, variable="CARTESIA_BASE_URL", default=models.DEFAULT_BASE_URL)
        self._headers = {"X-API-Key": key, "Cartesia-Version": api_version}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))
        self._socket = SharedSocket(self._connect, provider=PROVIDER, name_of=context_of)

    async def speak(self, text: str, voice: Voice, *, timeout: float) -> AsyncGenerator[bytes]:
        """The sound of a whole text, as it comes.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST",
            f"{self._url}/tts/bytes",
            json=format_whole(text, voice),
            headers=self._headers,
            timeout=timeout,
        )
        async with asked as response:
            demand_sound(response, provider=PROVIDER)
            async for piece in response.content.iter_any():
                yield piece

    @contextlib.asynccontextmanager
    async def context(self, voice: Voice, *, timeout: float) -> AsyncIterator[Context]:
        """A new context; left before its end, it is cancelled at Cartesia's.

        Raises:
            APIError: whatever went wrong.
        """
        name = uuid.uuid4().hex
        async with self._socket.conversation(name, timeout=timeout) as socket:
            context = Context(name, socket, voice)
            try:
                yield context
            finally:
                if not context.over:
                    await socket.dismiss(format_cancel(name))

    def open(self, *, timeout: float) -> None:
        """Open the websocket ahead, within so many seconds; returns at once."""
        self._socket.open(timeout=timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._socket.aclose()
        await self._http.aclose()

    def _connect(self, timeout: float) -> AbstractAsyncContextManager[Socket]:
        return self._http.connect(
            f"{self._url}/tts/websocket", headers=self._headers, timeout=timeout
        )


class Context:
    """One utterance: text goes in piece by piece, and its sound comes out."""

    def __init__(self, name: str, socket: Socket, voice: Voice) -> None:
        self.name = name
        self.over = False
        """Whether all sound has come."""
        self._socket = socket
        self._voice = voice
        self._answer = Answer(sample_rate=voice.sample_rate)
        self._whole = False

    async def say(self, text: str, *, more: bool) -> None:
        """Go on with `text`.

        Raises:
            APIError: the connection is gone.
        """
        message = format_transcript(text, self._voice, context=self.name, more=more)
        self._whole = not more
        await self._socket.send(message)
        self._socket.expect()

    async def receive(self) -> tuple[TTSPart, ...]:
        """What comes next.

        Raises:
            APIError: whatever went wrong.
        """
        message = await self._socket.receive()
        if message is None:
            raise APIConnectionError(f"{PROVIDER} hung up in the middle of an answer")
        with malformed(PROVIDER):
            parts = self._answer.read(message, whole=self._whole)
        self.over = SegmentEnd() in parts
        if not self._whole:
            self._socket.rest()  # whoever writes the text may take their time
        return parts
