"""An input that flows to whichever stream is current."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Generic, TypeVar

from agents_core.streams import Flush, Inlet, InputStream

V = TypeVar("V")
S = TypeVar("S", bound=InputStream[Any, Any])


class Line(Generic[V, S]):
    """Hands on what is read from an inlet, the end included.

    A stream that is connected later gets first what the inlet remembers, which is what the
    streams before it have left unanswered.
    """

    def __init__(self, inlet: Inlet[V | Flush], push: Callable[[S, V], None]) -> None:
        self._inlet = inlet
        self._push = push
        self._stream: S | None = None
        self._ended = False

    def connect(self, stream: S) -> None:
        """From now on hand on to `stream`."""
        self._stream = stream
        for value in self._inlet.behind:
            self._give(value)
        if self._ended:
            stream.end_input()

    @contextlib.asynccontextmanager
    async def flowing(self) -> AsyncIterator[None]:
        """Read and hand on, as long as the context lasts."""
        task = asyncio.create_task(self._flow(), name="line")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})  # it only waits for the inlet: it ends at once

    async def _flow(self) -> None:
        async for value in self._inlet:
            self._give(value)
        self._ended = True
        if self._stream is not None:
            self._stream.end_input()

    def _give(self, value: V | Flush) -> None:
        if self._stream is None:
            return
        if isinstance(value, Flush):
            self._stream.flush()
        else:
            self._push(self._stream, value)
