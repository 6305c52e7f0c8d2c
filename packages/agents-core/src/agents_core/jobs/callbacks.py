"""Shutdown callbacks: called together, and none of them able to spoil it for the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from agents_core.jobs.steps import say

Callback: TypeAlias = Callable[[str], Awaitable[object]]
"""Called with the reason of the shutdown."""


class Callbacks:
    """What a job wants done before its process ends."""

    def __init__(self) -> None:
        self._registered: list[Callback] = []
        self._calls: tuple[asyncio.Task[bool], ...] | None = None

    def add(self, callback: Callback) -> None:
        """Have `callback` called with the others.

        Raises:
            RuntimeError: they have been called already; this one would be missed in silence.
        """
        if self._calls is not None:
            raise RuntimeError("the shutdown callbacks have been called: too late for another one")
        self._registered.append(callback)

    async def call(self, reason: str) -> None:
        """Call all of them at the same time, and log each that fails.

        Raises:
            RuntimeError: some failed; it names them.
        """
        self._calls = tuple(
            asyncio.create_task(_call(callback, reason), name=_name(callback))
            for callback in self._registered
        )
        succeeded = await asyncio.gather(*self._calls)
        failed = [_name(c) for c, ok in zip(self._registered, succeeded, strict=True) if not ok]
        if failed:
            raise RuntimeError(f"{len(failed)} of {len(succeeded)} failed: {', '.join(failed)}")

    def late(self) -> list[str]:
        """The names of those that have not returned yet; may be asked from any thread."""
        return [call.get_name() for call in self._calls or () if not call.done()]


async def _call(callback: Callback, reason: str) -> bool:
    try:
        await callback(reason)
    except BaseException as error:  # noqa: BLE001 - in a task, SystemExit would end the whole loop
        say(logging.WARNING, "shutdown callback %s failed", _name(callback), error=error)
        return False
    return True


def _name(callback: Callback) -> str:
    # Partials and callable objects have no name of their own.
    return getattr(callback, "__qualname__", type(callback).__qualname__)
