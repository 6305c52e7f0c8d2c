"""One request to a local vendor, while it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agents_plugins_test.faults import Fault

if TYPE_CHECKING:
    from aiohttp import web

_ON_THE_WAY = 0.02
"""Seconds for what was sent to arrive, before the line is cut."""


class LineCut(Exception):
    """The connection is gone, as it was asked for; the server takes it from there."""


class Answer:
    """Goes wrong in the way that the fault says, at the right part of the answer.

    A server calls `part` before it sends each part of its answer, and looks at `bad` and
    `complains` before the first one.
    """

    def __init__(
        self,
        request: web.Request,
        fault: Fault | None,
        *,
        unheld: Callable[[], Awaitable[None]],
    ) -> None:
        self.request = request
        self.fault = fault
        self.delay: float | None = None
        """Seconds from the request to the first part of its answer, once that is about to go."""
        self._unheld = unheld
        self._parts = 0
        self._began = time.monotonic()

    @property
    def complains(self) -> bool:
        """Whether the vendor's own message of an error is wanted, and `silence` after it."""
        return self._is("complain")

    def bad(self, *, broken: str, lacking: str) -> str | None:
        """What to answer instead, where that is to be malformed.

        Args:
            broken: a message that breaks off.
            lacking: one that is well-formed, and lacks what it needs.
        """
        if self.fault is None or not self._is("garble"):
            return None
        return lacking if self.fault.lacking else broken

    async def part(self) -> None:
        """One more part is about to be sent: stall, cut or hold it, if that is due.

        Raises:
            LineCut: the connection is gone.
        """
        self._parts += 1
        if self._parts == 1 and self._is("stall"):
            await self.silence()
        if self._parts > 1:
            await self._cut_if_due(answered=True)
            await self._unheld()
        else:
            await self._cut_if_due(answered=False)
            self.delay = time.monotonic() - self._began

    async def finish(self) -> None:
        """All parts were sent: cut it now, where there were too few to do so before.

        Raises:
            LineCut: the connection is gone.
        """
        await self._cut_if_due(answered=self._parts > 0)

    async def silence(self) -> None:
        """Send nothing more, until the connection is closed."""
        await asyncio.Event().wait()

    def _is(self, kind: str) -> bool:
        return self.fault is not None and self.fault.kind == kind

    async def _cut_if_due(self, *, answered: bool) -> None:
        if self.fault is None or self.fault.kind != "cut" or self.fault.answered != answered:
            return
        await asyncio.sleep(_ON_THE_WAY)
        if self.request.transport is not None:
            self.request.transport.abort()
        raise LineCut
