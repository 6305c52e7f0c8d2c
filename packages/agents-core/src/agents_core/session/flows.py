"""Flows of text and sound on their way through an agent's nodes: closed, forked, raced."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


@contextlib.asynccontextmanager
async def closing(flow: AsyncIterable[T]) -> AsyncIterator[AsyncIterable[T]]:
    """While inside, iterate; afterwards the generator behind `flow` has cleaned up."""
    try:
        yield flow
    finally:
        close = getattr(flow, "aclose", None)
        if close is not None:
            await close()


async def cancel_and_wait(*tasks: asyncio.Task[Any] | None, within: float) -> tuple[str, ...]:
    """End tasks of our own; the names of those that did not end within so many seconds."""
    ours = {task for task in tasks if task is not None}
    for task in ours:
        task.cancel()
    if not ours:
        return ()
    ended, late = await asyncio.wait(ours, timeout=within)
    for task in ended:
        if not task.cancelled():
            task.exception()  # asked for, so that the loop does not complain of it
    return tuple(sorted(task.get_name() for task in late))


async def first_of(work: Awaitable[T], stop: asyncio.Event, *, grace: float) -> T | None:
    """The result of `work`; or None, once `stop` is set and `work` was cancelled.

    `work` gets so many seconds to clean up, then it is left behind.
    """
    working = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            working.cancel()
            await asyncio.wait({working}, timeout=grace)
    except asyncio.CancelledError:
        working.cancel()
        await asyncio.wait({working}, timeout=grace)
        raise
    finally:
        stopping.cancel()
    if working.cancelled() or not working.done():
        return None
    return working.result()


async def text_of(text: str | AsyncIterable[str]) -> AsyncIterator[str]:
    """Text in pieces, of whatever an application gives."""
    if isinstance(text, str):
        yield text
        return
    async with closing(text) as pieces:
        async for piece in pieces:
            yield piece
