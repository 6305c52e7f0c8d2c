"""What a worker is told: whose agent it is, how many jobs it takes, and where its server is."""

from __future__ import annotations

import math
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.request import JobRequest
from agents_core.worker.timings import Timings

if TYPE_CHECKING:
    from agents_core.jobs.context import JobContext
    from agents_core.jobs.process import JobProcess

_T = TypeVar("_T")


class WorkerType(StrEnum):
    """What a job is started for; the value is the protocol's name."""

    ROOM = "JT_ROOM"
    """Each room."""
    PUBLISHER = "JT_PUBLISHER"
    """Each participant that publishes."""
    PARTICIPANT = "JT_PARTICIPANT"
    """Each participant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPermissions:
    """What the agent may do in a room."""

    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    can_update_metadata: bool = True
    hidden: bool = False
    """Whether other participants do not see the agent."""
    can_publish_sources: tuple[str, ...] = ()
    """Names of ``TrackSource`` (``MICROPHONE``, ``CAMERA``, ...); none for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """What differs between production (``start``) and development (``dev``)."""

    load_threshold: float
    num_idle_processes: int
    port: int
    drain_timeout: float


PRODUCTION = Mode(
    load_threshold=0.7,
    num_idle_processes=min(os.cpu_count() or 1, 4),
    port=8081,
    drain_timeout=1800.0,
)
DEVELOPMENT = Mode(load_threshold=math.inf, num_idle_processes=0, port=0, drain_timeout=0.0)
"""Starts at once, takes every job, needs no port of its own, and ends when it is told to."""


async def accept_every_job(request: JobRequest) -> None:
    """The `request_fnc` of a worker that was given none."""
    await request.accept()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """Everything about a worker; all times in seconds, all memory in megabytes.

    What is None here is decided by the mode: see `PRODUCTION` and `DEVELOPMENT`.

    Raises:
        ValueError: a number is negative, or is none.
    """

    entrypoint_fnc: Callable[[JobContext], Awaitable[object]]
    """Run for each job, in a process of its own."""
    request_fnc: Callable[[JobRequest], Awaitable[object]] = accept_every_job
    """Decides whether a job is taken; runs in the worker, and must not block it."""
    prewarm_fnc: Callable[[JobProcess], object] | None = None
    """Run in each process before it has a job, to load what takes long to load."""
    load_fnc: Callable[..., float] | None = None
    """The load from 0 to 1, asked with the worker or with nothing; None: the use of the CPUs."""
    load_threshold: float | None = None
    """At this load no more jobs are taken: 0.7 in production, never in development."""
    job_load: float = 0.25 / (os.cpu_count() or 1)
    """What one more job is expected to add to the load: a quarter of one CPU.

    So much is kept free for each job that was taken but does not show in the load yet."""
    job_memory_warn_mb: float = 500.0
    """A job's process that grows beyond it is warned of; 0 for never."""
    job_memory_limit_mb: float = 0.0
    """A job's process that grows beyond it is ended; 0 for never."""
    drain_timeout: float | None = None
    """How long running jobs may go on after SIGTERM: 1800 s in production, 0 in development."""
    num_idle_processes: int | None = None
    """Kept warm for the next jobs: one a CPU up to 4 in production, none in development."""
    initialize_process_timeout: float = 10.0
    """For a process to start and prewarm."""
    shutdown_process_timeout: float = 5.0
    """For a process to begin its ending after it was asked to; how long that takes, `deadlines`
    say."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    """Of each step by which a job ends; `initialize` and `acknowledge` are taken from the two
    options above."""
    timings: Timings = field(default_factory=Timings)
    """Of the conversation with the server."""
    permissions: WorkerPermissions = field(default_factory=WorkerPermissions)
    """What the agent may do in a room."""
    agent_name: str = ""
    """With a name, the agent comes only where it is asked for by this name."""
    worker_type: WorkerType = WorkerType.ROOM
    """What a job is started for."""
    max_retry: int = 16
    """Tries to connect that may fail in a row after the first one."""
    ws_url: str = ""
    """Of the server; from the environment's LIVEKIT_URL where empty."""
    api_key: str = field(default="", repr=False)
    """From the environment's LIVEKIT_API_KEY where empty."""
    api_secret: str = field(default="", repr=False)
    """From the environment's LIVEKIT_API_SECRET where empty."""
    host: str = ""
    """That health and metrics are served on; empty for every interface."""
    port: int | None = None
    """That health and metrics are served on: 8081 in production, any that is free (0) in
    development."""
    multiprocessing_context: str | None = None
    """``forkserver``, ``spawn`` or ``fork``; None: forkserver on Linux, spawn elsewhere."""

    def __post_init__(self) -> None:
        for name, value in self._numbers():
            if math.isnan(value) or value < 0:
                raise ValueError(f"{name} must not be negative: {value}")

    def mode(self, *, devmode: bool) -> Mode:
        """What holds: the options where they say something, else the defaults of the mode."""
        default = DEVELOPMENT if devmode else PRODUCTION
        return Mode(
            load_threshold=_first(self.load_threshold, default.load_threshold),
            num_idle_processes=_first(self.num_idle_processes, default.num_idle_processes),
            port=_first(self.port, default.port),
            drain_timeout=_first(self.drain_timeout, default.drain_timeout),
        )

    def _numbers(self) -> list[tuple[str, float]]:
        names = (name for name in WorkerOptions.__slots__ if name != "worker_type")
        values = ((name, getattr(self, name)) for name in names)
        return [(name, value) for name, value in values if isinstance(value, int | float)]


def _first(given: _T | None, default: _T) -> _T:
    return default if given is None else given
