"""The way in: what a user pushes, in the order in which a vendor's generator reads it."""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class Flush(enum.Enum):
    """What `flush()` puts between values: everything before it is whole, answer it."""

    FLUSH = "flush"

    def __repr__(self) -> str:
        return "FLUSH"


FLUSH: Final = Flush.FLUSH


class Inlet(Generic[T]):
    """An asynchronous iterator over what was sent, which ends once it is closed and empty.

    It is not bounded: who sends does so at the pace of speech, and while a service is away for some
    seconds nothing that was said may be lost. It holds no more than was said until the stream gives
    up, which is bounded by `APIConnectOptions`; then it is emptied.

    What was read is remembered until `forget`, and read again after `rewind`: so a second try
    answers what the first one swallowed.
    """

    def __init__(self, *, remembers: bool = True) -> None:
        self._ahead: deque[T] = deque()
        self._behind: deque[T] = deque()
        self._remembers = remembers
        self._closed = False
        self._changed = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether nothing more can be sent; what was sent before may still be read."""
        return self._closed

    @property
    def behind(self) -> tuple[T, ...]:
        """What was read and is remembered."""
        return tuple(self._behind)

    @property
    def exhausted(self) -> bool:
        """Whether it is closed and all of it was read."""
        return self._closed and not self._ahead

    async def ready(self) -> bool:
        """Wait until there is something to read; False where nothing will ever be."""
        while not self._ahead and not self._closed:
            self._changed.clear()
            await self._changed.wait()
        return bool(self._ahead)

    def send(self, value: T) -> bool:
        """Add `value` at the end; False, and nothing else, where the inlet is closed."""
        if self._closed:
            return False
        self._ahead.append(value)
        self._changed.set()
        return True

    def close(self) -> None:
        """Let the reader come to an end after what has been sent; again is allowed."""
        self._closed = True
        self._changed.set()

    def clear(self) -> None:
        """Close it and drop all that was sent."""
        self.close()
        self._ahead.clear()
        self.forget()

    def forget(self) -> None:
        """Remember nothing of what was read so far."""
        self._behind.clear()

    def rewind(self) -> None:
        """Have what is remembered read again, before anything else."""
        self._ahead.extendleft(reversed(self._behind))
        self._behind.clear()
        self._changed.set()

    def __aiter__(self) -> Inlet[T]:
        return self

    async def __anext__(self) -> T:
        if not await self.ready():
            raise StopAsyncIteration
        value = self._ahead.popleft()
        self._remember(value)
        return value

    def _remember(self, value: T) -> None:
        if self._remembers:
            self._behind.append(value)
