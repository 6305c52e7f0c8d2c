"""The ways to ElevenLabs: a request for a whole text, and websockets for what is being written."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError, APIError
from agents_core.http import (
    HttpClient,
    SharedSocket,
    Socket,
    base_url,
    demand_sound,
    lines,
    required_key,
)
from agents_core.tts import RequestId, SegmentEnd, TTSPart
from agents_plugin_elevenlabs import models
from agents_plugin_elevenlabs._wire import PROVIDER
from agents_plugin_elevenlabs._wire.answering import Answer, context_of, is_last
from agents_plugin_elevenlabs._wire.asking import (
    Options,
    format_beginning,
    format_close,
    format_text,
    format_whole,
    socket_path,
    whole_path,
)
from agents_plugin_elevenlabs._wire.voices import Voice, read_voices

if TYPE_CHECKING:
    import aiohttp

_CONTEXTS = 5
"""As many as ElevenLabs has at a time on one socket."""
_PATIENCE = 0.9
"""How much of the time after which ElevenLabs closes a socket it may be idle: it is closed here
first, so that no utterance begins on one that is about to go."""
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
        http_session: aiohttp.ClientSession | None,
    ) -> None:
        key = required_key(api_key, variable="ELEVEN_API_KEY", provider=PROVIDER)
        self._url = base_url(url, variable="ELEVEN_BASE_URL", default=models.DEFAULT_BASE_URL)
        self._headers = {"xi-api-key": key}
        self._http = HttpClient(PROVIDER, session=http_session, secrets=(key,))
        self._sockets: dict[str, SharedSocket] = {}

    async def voices(self, *, timeout: float) -> tuple[Voice, ...]:
        """All that the key may use.

        Raises:
            APIError: whatever went wrong.
        """
        asked = self._http.request(
            "GET", f"{self._url}/voices", headers=self._headers, timeout=timeout
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
            self._url + whole_path(options),
            json=format_whole(text, options),
            headers=self._headers,
            timeout=timeout,
        )
        async with asked as response:
            if request := response.headers.get("request-id"):
                yield RequestId(request)
            if options.sync_alignment:
                answer = Answer(options)
                async with contextlib.aclosing(lines(response.content.iter_any())) as whole:
                    async for line in whole:
                        for part in answer.read_line(line):
                            yield part
                for last in answer.end():
                    yield last
                return
            demand_sound(response, provider=PROVIDER)
            async for piece in response.content.iter_any():
                yield piece

    @contextlib.asynccontextmanager
    async def context(self, options: Options, *, timeout: float) -> AsyncIterator[Context]:
        """A new context; left before its end, it is closed at ElevenLabs'.

        Raises:
            APIError: whatever went wrong.
        """
        name = uuid.uuid4().hex
        socket_of = self._socket(options)
        async with socket_of.conversation(name, timeout=timeout) as socket:
            context = Context(name, socket, Answer(options))
            try:
                await socket.send(format_beginning(name, options))
                yield context
            finally:
                if not context.over:
                    await socket.dismiss(format_close(name))

    def open(self, options: Options, *, timeout: float) -> None:
        """Open the websocket for these options ahead, within so many seconds; returns at once."""
        self._socket(options).open(timeout=timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        sockets, self._sockets = self._sockets, {}
        for socket in sockets.values():
            await socket.aclose()
        await self._http.aclose()

    def _socket(self, options: Options) -> SharedSocket:
        path = socket_path(options)
        if path not in self._sockets:
            self._sockets[path] = SharedSocket(
                partial(self._connect, path),
                provider=PROVIDER,
                name_of=context_of,
                is_last=is_last,
                most=_CONTEXTS,
                idle=_PATIENCE * options.inactivity_timeout,
            )
        return self._sockets[path]

    def _connect(self, path: str, timeout: float) -> AbstractAsyncContextManager[Socket]:
        return self._http.connect(
            self._url + path, headers=self._headers, timeout=timeout, heartbeat=_HEARTBEAT
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

    async def say(self, text: str, *, last: bool) -> None:
        """Go on with `text`.

        Raises:
            APIError: the connection is gone.
        """
        self._whole = last
        await self._socket.send(format_text(text, self.name, last=last))
        if last:
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
