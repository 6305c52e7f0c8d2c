"""A pool of real processes for a test to play with, and the proof that nothing is left of it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import psutil

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.pool import ProcessPool
from agents_core.jobs.reports import JobStatusChange
from agents_core.jobs.starting import prepare
from agents_core.jobs.supervisor import SupervisedJob

KEPT = (
    "multiprocessing.forkserver import main",
    "multiprocessing.resource_tracker",
    "agents_core.testing.room",  # the server of all tests in this process
    "support/sdk.py",  # where their SDK lives
)
MISBEHAVING = Path(__file__).with_name("misbehaving.py")

_of_others: frozenset[int] = frozenset()


def hasty(**changes: Any) -> ProcessOptions:  # noqa: ANN401 - as of ProcessOptions and Deadlines
    """Options with which nothing takes long, however it goes."""
    limits = {
        "stop": 0.2,
        "entry": 0.2,
        "cancel": 0.3,
        "session": 0.2,
        "room": 0.2,
        "callbacks": 0.2,
        "tasks": 0.3,
        "native": 0.3,
        "logs": 0.5,
        "acknowledge": 1.5,
        "terminate": 0.3,
    }
    limits |= {name: changes.pop(name) for name in tuple(changes) if name in Deadlines.__slots__}
    usual = {"start_method": "fork", "num_idle": 0, "shutdown_margin": 1.5, "restart_wait": 0.05}
    return ProcessOptions(**{**usual, **changes}, deadlines=Deadlines(**limits))


@dataclass(kw_only=True)
class Kept:
    """A pool while a test plays with it."""

    pool: ProcessPool
    said: list[JobStatusChange] = field(default_factory=list)

    async def launch(self, wanted: str) -> SupervisedJob:
        """A job that does what `wanted` names, and is called so."""
        return await self.pool.launch(running(wanted))

    async def until(self, true: Callable[[], object], within: float = 15) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(within):
            while not true():  # noqa: ASYNC110 - nobody sets an event
                await asyncio.sleep(0.01)

    def story(self, job_id: str) -> list[str]:
        """The statuses of a job, in order."""
        return [change.status for change in self.said if change.job_id == job_id]

    def error(self, job_id: str) -> str:
        """What a job failed of."""
        errors = [change.error for change in self.said if change.job_id == job_id and change.error]
        return "; ".join(errors)

    def finished(self) -> set[str]:
        """The jobs that are over."""
        return {change.job_id for change in self.said if change.status != "running"}


def running(wanted: str) -> RunningJob:
    """A job that does what `wanted` names, and is called so."""
    from livekit.protocol.agent import Job

    job = Job(id=wanted, metadata=wanted).SerializeToString()
    return RunningJob(job=job, url="", token="", worker_id="W", fake=True)


def keep(
    story: Callable[[Kept], Awaitable[None]],
    *,
    prewarm: str = "prewarm",
    path: Path = MISBEHAVING,
    **options: Any,  # noqa: ANN401 - as of `hasty`
) -> Kept:
    """Run a story about a pool; when it is over, no process and no descriptor may be left."""
    chosen = hasty(**options)
    before = settled(chosen)
    kept = asyncio.run(_keep(story, EntryPoint.at(path, prewarm=prewarm), chosen))
    assert kept.pool.processes == ()
    assert children() == []
    gc.collect()  # what a start that failed had opened goes with its traceback
    assert kinds(descriptors()) == before, descriptors()
    return kept


def settled(options: ProcessOptions) -> Counter[str]:
    """What is open once the processes are there that `multiprocessing` keeps for good."""
    prepare(options)
    if options.start_method != "fork":
        resource_tracker.ensure_running()
    gc.collect()
    return kinds(descriptors())


def kinds(found: set[tuple[str, str]]) -> Counter[str]:
    """How many there are of sockets, pipes, and the like: a new fork server has new numbers."""
    return Counter(what.split(":")[0] for _, what in found)


def descriptors() -> set[tuple[str, str]]:
    """Everything that is open, by number and by what it is."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the listing's own
            found.add((entry.name, str(entry.readlink())))
    return found


def note_children_of_others() -> None:
    """What other tests of this process have left is not for the next one to answer for."""
    global _of_others  # noqa: PLW0603 - as the processes, it is the whole process's
    _of_others = frozenset(child.pid for child in psutil.Process().children(recursive=True))


def children() -> list[str]:
    """Every child that this test has begun, zombies too, but for those kept for the next test."""
    found = []
    for child in psutil.Process().children(recursive=True):
        if child.pid in _of_others:
            continue
        try:
            command = " ".join(child.cmdline())
        except psutil.ZombieProcess:
            command = "zombie"
        if not (child.ppid() == os.getpid() and any(name in command for name in KEPT)):
            found.append(f"{child.pid} {command}")
    return found


async def _keep(
    story: Callable[[Kept], Awaitable[None]], entry: EntryPoint, options: ProcessOptions
) -> Kept:
    said: list[JobStatusChange] = []
    kept = Kept(pool=ProcessPool(entry, options, on_job_status=said.append), said=said)
    try:
        async with asyncio.timeout(30):
            await kept.pool.start()
            await story(kept)
    finally:
        await kept.pool.aclose()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert {task.get_name() for task in others} == set()
    return kept


if sys.platform != "linux":
    raise NotImplementedError("what is left of a process is looked up in /proc")
