"""The way to a realtime conversation: one websocket at a time."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from agents_core.http import Socket, malformed
from agents_plugin_openai._client import Client, tokens
from agents_plugin_openai._wire.realtime_options import realtime_url

T = TypeVar("T")

_HEARTBEAT = 20.0
"""Seconds between pings: a line that is dead without a word is noticed in the end."""


class RealtimeClient(Client):
    """Opens websockets with one key, at one place."""

    @contextlib.asynccontextmanager
    async def connect(self, *, timeout: float) -> AsyncIterator[Socket]:
        """A connection, closed on leaving.

        Raises:
            APIError: whatever went wrong.
        """
        url = realtime_url(self.url, self.query)
        headers = await self.headers()
        async with self._http.connect(
            url,
            timeout=timeout,
            headers=headers,
            secrets=tokens(headers),
            heartbeat=_HEARTBEAT,
        ) as socket:
            yield socket

    def read(self, message: str | bytes, reader: Callable[[Mapping[str, Any]], T]) -> T:
        """What `reader` makes of a message.

        Raises:
            APIError: it is malformed.
        """
        with malformed(self.service.name):
            return reader(json.loads(message))
