"""The ways to Resemble: a request for a whole text, and a websocket for one that is written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError
from agents_core.http import HttpClient, Socket, base_url, malformed, required_key
from agents_plugin_resemble import models
from agents_plugin_resemble._wire import (
    PROVIDER,
    Answer,
    Voice,
    format_sentence,
    format_text,
    read_whole,
)

if TYPE_CHECKING:
    import aiohttp


class Client:
    """Asks with one key, at two places: one for whole texts, one for text that is written.

    Raises:
        MissingCredentialsError: there is no key.
        ValueError: a base URL is none.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        url: str | None,
        stream_url: str | None,
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        key = required_key(api_key, variable="RESEMBLE_API_KEY", provider=PROVIDER)
        self._url = base_url(url, variable="RESEMBLE_BASE_URL", default=models.DEFAULT_BASE_URL)
        at_home = self._url == models.DEFAULT_BASE_URL
        self._stream_url = base_url(
            stream_url,
            variable="RESEMBLE_STREAM_URL",
            default=models.DEFAULT_STREAM_URL if at_home else self._url,
        )
        self._headers = {"Authorization": f"Bearer {key}"}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))

    async def speak(self, text: str, voice: Voice, *, timeout: float) -> bytes:
        """The sound of a whole text, which comes in one piece.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST",
            f"{self._url}/synthesize",
            json=format_text(text, voice),
            headers=self._headers,
            timeout=timeout,
        )
        async with asked as response:
            body = await response.read()
        with malformed(PROVIDER):
            return read_whole(body, sample_rate=voice.sample_rate)

    @contextlib.asynccontextmanager
    async def line(self, voice: Voice, *, timeout: float) -> AsyncIterator[Line]:
        """A websocket over which `voice` speaks, sentence after sentence.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.connect(
            f"{self._stream_url}/stream", headers=self._headers, timeout=timeout
        )
        async with asked as socket:
            socket.expect()  # it is asked for messages only while one is owed
            yield Line(socket, voice)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class Line:
    """A websocket, and what is owed over it."""

    def __init__(self, socket: Socket, voice: Voice) -> None:
        self._socket = socket
        self._voice = voice
        self._answer = Answer(sample_rate=voice.sample_rate)
        self._changed = asyncio.Event()
        self._whole = True

    def begin(self) -> None:
        """An utterance begins: there will be sentences."""
        self._whole = False

    async def say(self, sentence: str) -> None:
        """Ask for a sentence.

        Raises:
            APIError: the connection is gone.
        """
        request_id = self._answer.ask()
        self._changed.set()
        await self._socket.send(format_sentence(sentence, self._voice, request_id=request_id))

    def end(self) -> None:
        """The utterance has no more sentences."""
        self._whole = True
        self._changed.set()

    async def owed(self) -> bool:
        """Wait until there is something to receive; False where all of the utterance has come."""
        while not (self._answer.owed or self._whole):
            self._changed.clear()
            await self._changed.wait()
        return self._answer.owed

    async def receive(self) -> bytes:
        """The sound that comes next.

        Raises:
            APIError: whatever went wrong.
        """
        message = await self._socket.receive()
        if message is None:
            raise APIConnectionError(f"{PROVIDER} hung up in the middle of an answer")
        with malformed(PROVIDER):
            return self._answer.read(message)
