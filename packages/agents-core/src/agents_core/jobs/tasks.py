"""Every task of an event loop, stopped and awaited; and the names of those that would not stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from agents_core.jobs.steps import say


async def cancel_all(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel them and wait until all are done, however each of them ends.

    For tasks of our own, which end when they are cancelled: nothing bounds the wait.
    """
    pending = tuple(tasks)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)


class Tasks:
    """The tasks that are left in the running event loop when its job is over."""

    def __init__(self) -> None:
        self._spared: set[asyncio.Task[object]] = set()
        self._asked: set[asyncio.Task[object]] = set()

    def spare_current(self) -> None:
        """Leave the task that calls this running."""
        task = asyncio.current_task()
        if task is not None:
            self._spared.add(task)

    async def stop(self) -> None:
        """Cancel every task and wait until it is done, those included that appear meanwhile.

        Does not return while a task refuses to end: bound it.
        """
        self.spare_current()
        while tasks := asyncio.all_tasks() - self._spared:
            # Once each: a second cancel would cut short the clean-up that the first one began.
            for task in tasks - self._asked:
                self._asked.add(task)
                task.cancel("the job shuts down")
            stopped, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            _say_failures(stopped)

    def late(self) -> list[str]:
        """The names of those that are asked to stop and go on; may be asked from any thread."""
        return sorted(task.get_name() for task in self._asked.copy() if not task.done())


def _say_failures(stopped: set[asyncio.Task[object]]) -> None:
    for task in stopped:
        if not task.cancelled() and (error := task.exception()) is not None:
            say(logging.WARNING, "task %s failed while stopping", task.get_name(), error=error)
