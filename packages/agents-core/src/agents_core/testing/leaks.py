"""A leak check: what a block of code began, it has to have ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from types import TracebackType

from agents_core.testing.census import Census, take_census

_PAUSE = 0.01
_OWN_EXECUTOR = "thread 'asyncio_"
"""How asyncio calls the threads in which an event loop resolves names: they end with the loop."""


class Leak(AssertionError):
    """Something was left behind.

    Attributes:
        left: what it is, by name.
    """

    def __init__(self, left: tuple[str, ...], within: float) -> None:
        super().__init__(f"left behind, {within} s after the end:\n  " + "\n  ".join(left))
        self.left = left


class no_leaks:  # noqa: N801 - read as a sentence: async with no_leaks()
    """Fail where threads, descriptors, tasks or child processes are left when a block is over.

    As ``async with no_leaks():`` inside an event loop, tasks of this loop included; as
    ``with no_leaks():`` around code that runs an event loop of its own, or none. What exists when
    the block begins does not count, so whatever lives as long as the process (a native library's
    thread pool, a forkserver) has to be started before. A block that raises is not checked: its
    own error says more.

    Args:
        within: seconds that things which are ending are given to end.
        spare: beginnings of names that do not count, as the failure would show them:
            ``thread 'tokio-rt-worker'``.

    Raises:
        Leak: on leaving the block; it names all that is left.
        RuntimeError: ``with`` in a running event loop, where nothing could end meanwhile.
    """

    def __init__(self, *, within: float = 2.0, spare: Collection[str] = ()) -> None:
        self._within = within
        self._spare = tuple(spare)
        self._before = Census(held={})

    def __enter__(self) -> None:
        if _loop_runs():
            raise RuntimeError("with an event loop running, write `async with no_leaks()`")
        self._before = take_census()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            return
        give_up = time.monotonic() + self._within
        while left := self._left():
            if time.monotonic() > give_up:
                raise Leak(left, self._within)
            time.sleep(_PAUSE)

    async def __aenter__(self) -> None:
        self._spare = (*self._spare, _OWN_EXECUTOR)
        self._before = take_census()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            return
        give_up = time.monotonic() + self._within
        while left := self._left():
            if time.monotonic() > give_up:
                raise Leak(left, self._within)
            await asyncio.sleep(_PAUSE)

    def _left(self) -> tuple[str, ...]:
        left = take_census().beyond(self._before)
        return tuple(name for name in left if not name.startswith(self._spare))


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
