"""The ways in which a port can be asked, each of which has to keep all promises."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from agents_core.retry import APIConnectOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One way to ask: words go in, and an echo of them comes out."""

    name: str
    """The method that the user calls: ``synthesize()``."""
    parts: Callable[[str, APIConnectOptions], AsyncGenerator[str]]
    """Asks for an echo of these words; yields as often as a part of it comes, and ends with its
    stream closed. All that was yielded, joined, is the echo."""
    piecewise: bool = True
    """Whether parts are handed on for good before the whole is there: then they come early, and
    nothing is tried again after the first of them."""

    async def ask(self, words: str, options: APIConnectOptions) -> str:
        """The whole echo of `words`."""
        async with aclosing(self.parts(words, options)) as parts:
            return "".join([part async for part in parts])
