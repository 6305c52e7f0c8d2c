"""The way out: events that wait for their user."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Outlet(Generic[T]):
    """Keeps events, in order, until they are asked for; several may ask.

    `capacity` bounds how many wait before `room` holds up who makes them; None does not.
    """

    def __init__(self, capacity: int | None) -> None:
        self._capacity = capacity
        self._waiting: deque[T] = deque()
        self._closed = False
        self._error: BaseException | None = None
        self._more = asyncio.Event()
        self._less = asyncio.Event()

    def put(self, event: T) -> None:
        """Add one; dropped where the outlet is closed."""
        if not self._closed:
            self._waiting.append(event)
            self._more.set()

    async def room(self) -> None:
        """Wait until fewer events wait than may."""
        while self._capacity is not None and len(self._waiting) >= self._capacity:
            self._less.clear()
            await self._less.wait()

    def close(self, error: BaseException | None = None) -> None:
        """Nothing more comes: after what waits, end, or fail with `error`; only once."""
        if not self._closed:
            self._closed, self._error = True, error
            self._more.set()

    def discard(self) -> None:
        """Close it and drop what waits: whoever asks is at the end."""
        self.close()
        self._error = None
        self._waiting.clear()
        self._less.set()

    async def get(self) -> T:
        """The next one.

        To be cancelled while waiting loses nothing.

        Raises:
            StopAsyncIteration: there will be none.
            BaseException: what the outlet was closed with, every time.
        """
        while not self._waiting:
            if self._error is not None:
                raise self._error
            if self._closed:
                raise StopAsyncIteration
            self._more.clear()
            await self._more.wait()
        event = self._waiting.popleft()
        self._less.set()
        return event
