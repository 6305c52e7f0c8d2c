"""The ways to Inworld: a request for a whole text, and a websocket for what is being written."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError, APIError
from agents_core.http import HttpClient, SharedSocket, Socket, base_url, lines, required_key
from agents_core.tts import SegmentEnd, TTSPart
from agents_plugin_inworld import models
from agents_plugin_inworld._wire import PROVIDER
from agents_plugin_inworld._wire.answering import Answer, context_of, is_last
from agents_plugin_inworld._wire.asking import (
    Options,
    format_close,
    format_create,
    format_texts,
    format_whole,
)
from agents_plugin_inworld._wire.voices import Voice, read_voices, voices_filter

if TYPE_CHECKING:
    import aiohttp

_CONTEXTS = 5
"""As many as Inworld has at a time on one socket."""
_HEARTBEAT = 20.0


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
        idle: float,
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        key = required_key(api_key, variable="INWORLD_API_KEY", provider=PROVIDER)
        url = base_url(url, variable="INWORLD_BASE_URL", default=models.DEFAULT_BASE_URL)
        self._url = f"{url}/tts/v1"
        self._headers = {"Authorization": f"Basic {key}"}  # the key comes in base64 already
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))
        self._socket = SharedSocket(
            self._connect,
            provider=PROVIDER,
            name_of=context_of,
            is_last=is_last,
            most=_CONTEXTS,
            idle=idle,
        )

    async def voices(self, language: str | None, *, timeout: float) -> tuple[Voice, ...]:
        """Those of a language, or all.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "GET",
            f"{self._url}/voices",
            params=voices_filter(language),
            headers=self._headers,
            timeout=timeout,
        )
        async with asked as response:
            return read_voices(await response.json())

    async def speak(
        self, text: str, options: Options, *, timeout: float
    ) -> AsyncGenerator[TTSPart]:
        """The sound of a whole text, as it comes.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "POST",
            f"{self._url}/voice:stream",
            json=format_whole(text, options),
            headers=self._headers,
            timeout=timeout,
        )
        answer = Answer(sample_rate=options.sample_rate)
        async with (
            asked as response,
            contextlib.aclosing(lines(response.content.iter_any())) as whole,
        ):
            async for line in whole:
                for part in answer.read_line(line):
                    yield part

    @contextlib.asynccontextmanager
    async def context(self, options: Options, *, timeout: float) -> AsyncIterator[Context]:
        """A new context; left before its end, it is closed at Inworld's.

        Raises:
            APIError: whatever went wrong.
        """
        name = uuid.uuid4().hex
        async with self._socket.conversation(name, timeout=timeout) as socket:
            context = Context(name, socket, Answer(sample_rate=options.sample_rate))
            try:
                await socket.send(format_create(name, options))
                yield context
            finally:
                if not context.over:
                    await socket.dismiss(format_close(name))

    def open(self, *, timeout: float) -> None:
        """Open the websocket ahead, within so many seconds; returns at once."""
        self._socket.open(timeout=timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._socket.aclose()
        await self._http.aclose()

    def _connect(self, timeout: float) -> AbstractAsyncContextManager[Socket]:
        return self._http.connect(
            f"{self._url}/voice:streamBidirectional",
            headers=self._headers,
            timeout=timeout,
            heartbeat=_HEARTBEAT,
        )


class Context:
    """One utterance: text goes in piece by piece, and its sound comes out."""

    def __init__(self, name: str, socket: Socket, answer: Answer) -> None:
        self.name = name
        self.over = False
        """Whether all sound has come."""
        self._socket = socket
        self._answer = answer
        self._whole = False

    async def say(self, text: str) -> None:
        """Go on with `text`.

        Raises:
            APIError: the connection is gone.
        """
        for message in format_texts(text, self.name):
            await self._socket.send(message)

    async def end(self) -> None:
        """Have what was said spoken to its end.

        Raises:
            APIError: the connection is gone.
        """
        self._whole = True
        await self._socket.send(format_close(self.name))
        self._socket.expect()

    async def receive(self) -> tuple[TTSPart, ...]:
        """What comes next; a `SegmentEnd` is the last.

        Raises:
            APIError: whatever went wrong.
        """
        message = await self._socket.receive()
        if message is None:
            raise APIConnectionError(f"{PROVIDER} hung up in the middle of an answer")
        parts = self._answer.read(message)
        self.over = SegmentEnd() in parts
        if self.over and not self._whole:
            raise APIError(f"{PROVIDER} ended before the text did")
        return parts
