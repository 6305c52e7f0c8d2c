"""Defects of a plugin that does not end what it began; every port can have them."""

# ruff: noqa: D102, ANN401 - the class says what is broken

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import AsyncIterator
from typing import Any

from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.vendor import Connection, FakeVendor, Fault
from agents_core.testing.suite import Suite

_KEY = Suite.secret
_SERVER_ERROR = 500
_UNAUTHORIZED = 401
_logger = logging.getLogger(__name__)


@caught_by(
    "cancelling_closes_the_connection_at_once",
    "leaving_an_answer_closes_the_connection_at_once",
)
class KeepsTheConnection(FakeVendor):
    """Closes a connection only after a whole answer."""

    @contextlib.asynccontextmanager
    async def connect(self, to: str, **how: Any) -> AsyncIterator[Connection]:
        whole = False
        try:
            async with super().connect(to, **how) as connection:
                yield connection
                whole = True
        finally:
            self._open += not whole


@caught_by("nothing_is_left_behind")
class LeavesATask(FakeVendor):
    """Keeps something alive, and never cancels it."""

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        self._keep_alive = asyncio.create_task(asyncio.sleep(60), name="keep-alive")
        await super()._meet(fault, timeout)


@caught_by("nothing_is_left_behind")
class LeavesADescriptor(FakeVendor):
    """Opens something, and never closes it."""

    def __init__(self) -> None:
        super().__init__()
        self._opened: list[int] = []

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        self._opened.append(os.open(os.devnull, os.O_RDONLY))
        await super()._meet(fault, timeout)

    def shut(self) -> None:
        for descriptor in self._opened:
            os.close(descriptor)


@caught_by("nothing_is_left_behind")
class LeavesAThread(FakeVendor):
    """Starts a thread, and never ends it."""

    def __init__(self) -> None:
        super().__init__()
        self._over = threading.Event()

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        threading.Thread(target=self._over.wait, name="reader", daemon=True).start()
        await super()._meet(fault, timeout)

    def shut(self) -> None:
        self._over.set()
