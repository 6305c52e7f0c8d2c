"""Tokens of a text that is still being written."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from agents_core.tokenize.port import Splitter


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenData:
    """A token and where it comes from."""

    token: str
    segment_id: str
    """The same for all of what was pushed between two flushes."""


class TokenStream:
    """An asynchronous iterator over tokens, which ends after `end_input`.

    It owns no task: what is pushed is cut there and then. Tokens wait without a bound: they are no
    more than the text. What is pushed after the end is dropped.
    """

    def __init__(self, splitter: Splitter) -> None:
        self._splitter = splitter
        self._ready: asyncio.Queue[TokenData | None] = asyncio.Queue()
        self._segment_id = _new_id()
        self._ended = False

    def push_text(self, text: str) -> None:
        """Go on with `text`."""
        if not self._ended:
            self._hand_on(self._splitter.push(text))

    def flush(self) -> None:
        """Take what was pushed so far for whole; a new segment begins."""
        if not self._ended:
            self._hand_on(self._splitter.flush())
            self._segment_id = _new_id()

    def end_input(self) -> None:
        """Say that nothing more comes; again is allowed."""
        if not self._ended:
            self.flush()
            self._ended = True
            self._ready.put_nowait(None)

    async def aclose(self) -> None:
        """End now; what waits is dropped."""
        self._ended = True
        while not self._ready.empty():
            self._ready.get_nowait()
        self._ready.put_nowait(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> TokenData:
        token = await self._ready.get()
        if token is None:
            self._ready.put_nowait(None)  # the end stays the end
            raise StopAsyncIteration
        return token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def _hand_on(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self._ready.put_nowait(TokenData(token=token, segment_id=self._segment_id))


def _new_id() -> str:
    return "segment_" + uuid.uuid4().hex[:12]
