"""A coroutine run to its end, or to its deadline: what no plugin of pytest is needed for."""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Coroutine
from typing import Generic, TypeVar

T = TypeVar("T")

_GRACE = 1.0
"""Seconds in which what is cancelled has to end."""


class Late(AssertionError):
    """The deadline came first; the words say where everybody was waiting."""


def run(work: Coroutine[object, object, T], *, within: float = 10.0) -> T:
    """What `work` returns, in an event loop of its own.

    The loop runs in a thread of its own, so that the deadline holds even where `work` blocks it.
    Every task that is left is cancelled; none can keep this function.

    Args:
        work: is awaited once.
        within: seconds.

    Raises:
        Late: `work` was not done in time, or nothing could end it.
        BaseException: whatever `work` raises, ``pytest.skip()`` included.
    """
    life = _Life(work, within)
    thread = threading.Thread(target=life.live, name="event loop of a test", daemon=True)
    thread.start()
    thread.join(within + 2 * _GRACE)
    if life.answer is None:
        raise Late(f"the event loop is blocked:\n{_stack(thread)}")
    thread.join(_GRACE)
    return life.answer.result()


class _Answer(Generic[T]):
    def __init__(self, task: asyncio.Task[T], problem: str | None) -> None:
        self._task = task
        self._problem = problem

    def result(self) -> T:
        if self._problem is not None:
            raise Late(self._problem)
        return self._task.result()


class _Life(Generic[T]):
    """One event loop, from its beginning to its end."""

    def __init__(self, work: Coroutine[object, object, T], within: float) -> None:
        self._work = work
        self._within = within
        self.answer: _Answer[T] | None = None

    def live(self) -> None:
        loop = asyncio.new_event_loop()
        try:
            task = loop.create_task(self._work, name="test")
            problem = loop.run_until_complete(_wait(task, self._within))
            loop.run_until_complete(_end_all(loop))
            if not task.done():
                problem = f"{problem}; and it does not let itself be cancelled"
            self.answer = _Answer(task, problem)
        finally:
            loop.close()


async def _wait(task: asyncio.Task[T], within: float) -> str | None:
    await asyncio.wait({task}, timeout=within)
    if task.done():
        return None
    waiting = "\n".join(sorted(map(_describe, asyncio.all_tasks() - _current())))
    return f"not done after {within} s:\n{waiting}"


async def _end_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks() - _current()
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_GRACE)
    await asyncio.wait({asyncio.create_task(loop.shutdown_asyncgens())}, timeout=_GRACE)


def _current() -> set[asyncio.Task[object]]:
    task = asyncio.current_task()
    return set() if task is None else {task}


def _describe(task: asyncio.Task[object]) -> str:
    lines = traceback.format_list(
        traceback.StackSummary.extract((f, f.f_lineno) for f in task.get_stack())
    )
    return f"task {task.get_name()!r}:\n{''.join(lines)}"


def _stack(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - documented for debuggers
    return "".join(traceback.format_stack(frame)) if frame else "its thread has ended"
