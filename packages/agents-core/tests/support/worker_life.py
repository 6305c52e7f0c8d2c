"""Workers that tests run in their own event loop, with real processes for the jobs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiohttp

from agents_core.jobs.context import JobContext
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.process import JobProcess
from agents_core.jobs.request import JobRequest
from agents_core.worker.options import WorkerOptions
from agents_core.worker.timings import Timings
from agents_core.worker.worker import Worker

QUICK = Timings(
    connect=2,
    register=2,
    request=0.3,
    assignment=0.3,
    status=0.1,
    sample=0.05,
    ping=0.1,
    silence=15,
    first_retry=0.05,
    longest_retry=0.2,
    close=2,
)
SHORT = Deadlines(entry=0.2, cancel=1, session=1, room=2, callbacks=1, tasks=1, native=2)
_Result = TypeVar("_Result")


class Server(Protocol):
    url: str


def run(work: Coroutine[Any, Any, _Result], *, within: float = 60) -> _Result:
    """Run a test's coroutine, and not for ever."""
    return asyncio.run(asyncio.wait_for(work, within))


async def stays(_: JobContext) -> None:
    """An agent that is set up, and there until it is told to go."""


async def joins(context: JobContext) -> None:
    await context.connect()


async def fails(_: JobContext) -> None:
    raise ValueError("nobody has taught me that")


def cannot_be_warmed(_: JobProcess) -> None:
    raise OSError("the model is not there")


async def never_decides(_: JobRequest) -> None:
    await asyncio.Event().wait()


def options_for(server: Server, **options: Any) -> WorkerOptions:  # noqa: ANN401 - options are of many types
    """Of a worker for this test; what is not said is quick and small."""
    known: dict[str, Any] = {
        "entrypoint_fnc": stays,
        "ws_url": server.url,
        "api_key": getattr(server, "api_key", "devkey"),
        "api_secret": getattr(server, "api_secret", "a secret that is long enough for a token"),
        "host": "127.0.0.1",
        "port": 0,
        "num_idle_processes": 0,
        "load_threshold": float("inf"),  # other tests may keep the machine busy
        "timings": QUICK,
        "deadlines": SHORT,
    }
    return WorkerOptions(**{**known, **options})


@contextlib.asynccontextmanager
async def working(server: Server, **options: Any) -> AsyncIterator[Worker]:  # noqa: ANN401 - see above
    """A worker that runs meanwhile; an error that ends it is raised in the end."""
    worker = Worker(options_for(server, **options))
    started = asyncio.Event()
    worker.on("worker_started", started.set)
    running = asyncio.create_task(worker.run(), name="worker under test")
    waiting = asyncio.create_task(started.wait())
    try:
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
        yield worker
    finally:
        waiting.cancel()
        await worker.aclose()
        await running


async def eventually(true: Callable[[], bool], *, within: float = 20) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - what is waited for is in other processes
            await asyncio.sleep(0.01)


async def get(worker: Worker, path: str) -> tuple[int, str, str]:
    """What is answered over HTTP: status, body and type of content."""
    url = f"http://127.0.0.1:{worker.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text(), response.headers["Content-Type"]


def alive(pid: int) -> bool:
    """Whether there is such a process, or what is left of it."""
    return Path(f"/proc/{pid}").exists()


def pids(worker: Worker) -> list[int]:
    """Of the worker's job processes."""
    assert worker._shift is not None
    return [process.pid for process in worker._shift.pool.processes if process.pid]
