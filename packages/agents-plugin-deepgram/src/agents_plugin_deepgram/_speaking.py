"""A conversation with a voice: text goes there piece by piece, sound comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from agents_core.errors import APIConnectionError
from agents_core.streams import Flush, Inlet
from agents_core.tts import SegmentEnd, TTSPart
from agents_plugin_deepgram._client import understand
from agents_plugin_deepgram._wire.speaking import (
    CLOSE,
    FLUSH,
    format_text,
    parse_message,
    split_words,
)

if TYPE_CHECKING:
    from agents_core.http import Socket


async def speak(
    connection: AbstractAsyncContextManager[Socket], text: Inlet[str | Flush]
) -> AsyncGenerator[TTSPart]:
    """The sound of what is read, over one connection; Deepgram says segments in their order.

    Raises:
        APIError: whatever went wrong.
    """
    async with connection as socket, asyncio.TaskGroup() as group:
        reading = _Reading(socket)
        sending = group.create_task(reading.send(text))
        async for message in socket:
            if isinstance(message, bytes):
                yield message
                continue
            for part in understand(parse_message, message):
                if not isinstance(part, SegmentEnd) or reading.said():
                    yield part
            if reading.over:
                break
        sending.cancel()
        if reading.owed:
            raise APIConnectionError("Deepgram hung up before it had said all")


class _Reading:
    """What was read and sent, and what of it is not said yet."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self.owed = 0
        """How many segments are to be said."""
        self._ended = False

    @property
    def over(self) -> bool:
        """Whether all was read and said."""
        return self._ended and not self.owed

    def said(self) -> bool:
        """One segment more was said; False where none is owed."""
        if not self.owed:
            return False
        self.owed -= 1
        if not self.owed:
            self._socket.rest()
        return True

    async def send(self, text: Inlet[str | Flush]) -> None:
        """Send what is read, to its end."""
        waiting = ""
        async for piece in text:
            if isinstance(piece, Flush):
                await self._say(waiting)
                waiting = ""
                self.owed += 1
                self._socket.expect()
                await self._socket.send(FLUSH)
            else:
                words, waiting = split_words(waiting, piece)
                await self._say(words)
        self._ended = True
        if self.over:  # nothing more comes that could end the receiving
            await self._socket.send(CLOSE)
            self._socket.expect()

    async def _say(self, words: str) -> None:
        for message in format_text(words):
            await self._socket.send(message)
