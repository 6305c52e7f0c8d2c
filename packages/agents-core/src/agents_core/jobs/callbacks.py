"""Callbacks of an ending: called together, and none of them able to spoil it for the others."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from agents_core.jobs.steps import say

_WithReason: TypeAlias = Callable[[str], Awaitable[object] | None]
_Without: TypeAlias = Callable[[], Awaitable[object] | None]
Callback: TypeAlias = _WithReason | _Without
"""Called with the reason of the shutdown, where it takes an argument; awaited, where it can be."""


class Callbacks:
    """What is wanted done before a process ends; `kind` is what logs and errors call each."""

    def __init__(self, kind: str = "shutdown callback") -> None:
        self._kind = kind
        self._registered: list[Callback] = []
        self._calls: tuple[asyncio.Task[bool], ...] = ()
        self._sealed = False

    def add(self, callback: Callback) -> None:
        """Have `callback` called with the others.

        Raises:
            RuntimeError: they have been called already; this one would be missed in silence.
        """
        if self._sealed:
            raise RuntimeError(f"too late for another {self._kind}: they have been called")
        self._registered.append(callback)

    def remove(self, callback: Callback) -> None:
        """Have `callback` not called after all; nothing, where it is not among them."""
        if callback in self._registered:
            self._registered.remove(callback)

    def seal(self) -> int:
        """Take no more of them; how many there are. From any thread."""
        self._sealed = True
        return len(self._registered)

    async def call(self, reason: str) -> None:
        """Call all of them at the same time, and log each that fails.

        When it is cancelled, so are they; it does not wait for those that take no notice.

        Raises:
            RuntimeError: some failed; it names them.
        """
        self.seal()
        called = tuple(self._registered)
        self._calls = tuple(
            asyncio.create_task(self._call(callback, reason), name=name_of(callback))
            for callback in called
        )
        if called:
            await _wait(self._calls)
        failed = [call.get_name() for call in self._calls if not call.result()]
        if failed:
            raise RuntimeError(f"{len(failed)} of {len(called)} failed: {', '.join(failed)}")

    def late(self) -> list[str]:
        """The names of those that have not returned yet; may be asked from any thread."""
        return [call.get_name() for call in self._calls if not call.done()]

    async def _call(self, callback: Callback, reason: str) -> bool:
        try:
            called = _begin(callback, reason)
            if inspect.isawaitable(called):
                await called
        except BaseException as error:  # noqa: BLE001 - in a task, SystemExit would end the whole loop
            say(logging.WARNING, "%s %s failed", self._kind, name_of(callback), error=error)
            return False
        return True


def name_of(function: Callable[..., object]) -> str:
    """What to call `function` in a log; partials and callable objects have no name of their own."""
    return getattr(function, "__qualname__", type(function).__qualname__)


async def _wait(calls: tuple[asyncio.Task[bool], ...]) -> None:
    try:
        await asyncio.wait(calls)
    except asyncio.CancelledError:
        for call in calls:
            call.cancel()
        raise


def _begin(callback: Callable[..., Any], reason: str) -> object:
    try:
        inspect.signature(callback).bind(reason)
    except TypeError:
        return callback()
    except ValueError:  # written in C, and silent about what it takes
        return callback(reason)
    return callback(reason)
