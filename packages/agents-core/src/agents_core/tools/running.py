"""A function that runs until it is done, cancelled, or late; never in the way of the others."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, TypeVar

logger = logging.getLogger("agents_core.tools")

R = TypeVar("R")

_GRACE = 1.0
"""Seconds for the clean-up of what is cancelled."""


class ToolTimeout(Exception):
    """A tool took longer than it may; the message is for the model."""


async def run_bounded(work: Coroutine[Any, Any, R], *, name: str, within: float | None) -> R:
    """What `work` returns, in a task of its own.

    It is cancelled with the caller, or when it is late; one that refuses is left behind after a
    second, with a warning.

    Raises:
        ToolTimeout: it took longer than `within` seconds.
        BaseException: what it raised.
    """
    task = asyncio.create_task(work, name=f"tool {name}")
    try:
        await asyncio.wait({task}, timeout=within)
        if task.done():
            return _result(task, name)
    finally:
        await _end(task)
    raise ToolTimeout(f"{name} did not answer within {within:g} seconds")


async def run_in_thread(
    function: Callable[..., R], arguments: Mapping[str, Any], *, name: str
) -> R:
    """What `function` returns, called in a new thread with the caller's context variables.

    A thread of its own that no end of the process waits for: one that never returns takes no place
    from others, which it would in the loop's pool.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[R] = loop.create_future()
    call = partial(contextvars.copy_context().run, function, **arguments)

    def work() -> None:
        try:
            tell = partial(_settle, answered, call(), None)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
            tell = partial(_settle, answered, None, error)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=work, name=name, daemon=True).start()
    return await answered


def _settle(answered: asyncio.Future[Any], value: object, error: BaseException | None) -> None:
    if answered.done():
        return  # nobody waits any more
    if error is None:
        answered.set_result(value)
    else:
        answered.set_exception(error)


def _result(task: asyncio.Task[R], name: str) -> R:
    if task.cancelled():
        raise RuntimeError(f"{name} was cancelled from inside")
    return task.result()


async def _end(task: asyncio.Task[Any]) -> None:
    if task.done():
        return
    task.cancel()
    await asyncio.wait({task}, timeout=_GRACE)
    if not task.done():
        logger.warning("%s refuses to end, and is left behind", task.get_name())
    elif not task.cancelled() and (error := task.exception()) is not None:
        logger.warning("%s failed while it was cancelled", task.get_name(), exc_info=error)
