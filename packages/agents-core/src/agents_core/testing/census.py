"""What this process holds at one moment: threads, descriptors, tasks and children."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Held: TypeAlias = tuple[str, object]
"""A kind (``thread``, ``descriptor``, ``task``, ``child process``), and which one it is."""

_DESCRIPTORS = Path("/proc/self/fd")
_THREADS = Path("/proc/self/task")


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What was held, and how to call each of it."""

    held: dict[Held, str]

    def beyond(self, before: Census) -> tuple[str, ...]:
        """The names of what is held now and was not held `before`, sorted."""
        return tuple(sorted(name for key, name in self.held.items() if key not in before.held))


def take_census() -> Census:
    """Count everything; the tasks are those of the running event loop, where there is one."""
    counts: tuple[Callable[[], Iterable[tuple[Held, str]]], ...] = (
        _threads,
        _descriptors,
        _tasks,
        _children,
    )
    return Census(held=dict(found for count in counts for found in count()))


def _threads() -> Iterator[tuple[Held, str]]:
    # By the system's number: threads that a native library made have no other.
    named = {thread.native_id: thread.name for thread in threading.enumerate()}
    for number, system_name in (_system_threads() or named).items():
        yield ("thread", number), f"thread {named.get(number, system_name)!r}"


def _system_threads() -> dict[int | None, str]:
    if not _THREADS.is_dir():
        return {}
    return {int(entry.name): name for entry in _entries(_THREADS) if (name := _comm(entry))}


def _comm(thread: Path) -> str:
    try:
        return (thread / "comm").read_text().strip()
    except OSError:  # ended while we looked
        return ""


def _descriptors() -> Iterator[tuple[Held, str]]:
    # Number and target together: a number is given again as soon as it is free.
    for number, target in _open_files():
        yield ("descriptor", (number, target)), f"descriptor {number}: {target}"


def _open_files() -> Iterator[tuple[int, str]]:
    if not _DESCRIPTORS.is_dir():
        yield from _open_files_elsewhere()
        return
    for entry in _entries(_DESCRIPTORS):
        try:
            yield int(entry.name), str(entry.readlink())
        except OSError:  # closed while we looked: the listing's own, always
            continue


def _open_files_elsewhere() -> Iterator[tuple[int, str]]:
    import psutil

    process = psutil.Process()
    for file in process.open_files():
        yield file.fd, file.path
    for connection in process.net_connections(kind="all"):
        yield connection.fd, f"socket {connection.laddr} to {connection.raddr}"


def _entries(folder: Path) -> list[Path]:
    return [folder / name for name in os.listdir(folder)]  # noqa: PTH208 - iterdir holds it open


def _tasks() -> Iterator[tuple[Held, str]]:
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:  # no event loop runs in this thread
        return
    for task in tasks:
        yield ("task", task), f"task {task.get_name()!r} {_where(task)}"


def _where(task: asyncio.Task[object]) -> str:
    stack = task.get_stack(limit=1)
    if not stack:
        return "which has not begun"
    return f"at {Path(stack[-1].f_code.co_filename).name}:{stack[-1].f_lineno}"


def _children() -> Iterator[tuple[Held, str]]:
    import psutil

    for child in psutil.Process().children(recursive=True):
        try:
            name = f"child process {child.pid}: {child.name()}, {child.status()}"
        except psutil.NoSuchProcess:
            continue
        yield ("child process", (child.pid, child.create_time())), name
