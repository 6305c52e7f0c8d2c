"""What a worker and its job processes say to each other: one class a message, and no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningJob:
    """A job that the server assigned to this worker, as a job process needs to know it."""

    job: bytes = field(repr=False)
    """The server's ``livekit.agent.Job``, as protobuf."""
    url: str
    """Of the server."""
    token: str = field(repr=False)
    """With which the agent joins the room. Never logged."""
    worker_id: str
    api_key: str = field(default="", repr=False)
    """Of the worker, with `api_secret`: for the server's API, and for tokens of others. A process
    has them from here, not from its arguments, which everybody on the machine may read."""
    api_secret: str = field(default="", repr=False)
    name: str = ""
    identity: str = ""
    metadata: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    fake: bool = False
    """Started without a server's assignment, from a console or by `simulate_job`."""


# From the worker to the process.


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialize:
    """The first message: run prewarm, and answer `Initialized`."""

    log_level: int
    ping_interval: float
    """Seconds between pings; a process that hears none for `orphan_timeout` has lost its parent."""
    orphan_timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Answer `Pong` with the same timestamp, from the event loop, so that a blocked one shows."""

    timestamp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StartJob:
    """Run the entry point for this job; at most one in the life of a process."""

    running: RunningJob


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShutdown:
    """End, by the one road there is."""

    reason: str


# From the process to the worker.


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialized:
    """Prewarm returned; or it failed, and the process ends."""

    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The event loop of the process is alive."""

    last_timestamp: float
    timestamp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted:
    """The entry point is being called."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShuttingDown:
    """The shutdown has begun: no ping is expected to be answered any more."""

    reason: str
    longest: float
    """Seconds that all steps may take together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnded:
    """One step of the shutdown is over."""

    step: str
    outcome: str
    """``done``, ``skipped``, ``timed out`` or ``failed``."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnded:
    """The entry point is over; `error` says how it failed, where it did."""

    job_id: str
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A record of the process's logging, already formatted where it could not travel as it was."""

    name: str
    level: int
    message: str
    created: float
    thread: str
    path: str
    line: int
    exception: str | None = None
    extra: str = "{}"
    """Extra fields that are plain values, as JSON."""


ToChild: TypeAlias = Initialize | Ping | StartJob | RequestShutdown
ToParent: TypeAlias = (
    Initialized | Pong | JobStarted | ShuttingDown | StepEnded | JobEnded | LogLine
)
Message: TypeAlias = ToChild | ToParent
