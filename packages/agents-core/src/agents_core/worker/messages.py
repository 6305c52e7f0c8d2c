"""What a worker and its server say to each other, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class JobStatus(StrEnum):
    """How far a job is, as the server may know it."""

    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing can come after it."""
        return self is not JobStatus.RUNNING


# From the server.


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The worker is known, and may be offered jobs."""

    worker_id: str
    server: str = ""
    """Its version, region and node, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOffered:
    """Would you run this job?"""

    job_id: str
    job: bytes
    """``livekit.agent.Job``, as protobuf."""
    room: str = ""
    resuming: bool = False
    """Another worker has run it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobAssigned:
    """Run this job."""

    job_id: str
    job: bytes
    token: str = field(repr=False)
    url: str = ""
    """Of the server to join; empty for the one that assigns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTerminated:
    """End this job."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The server is alive, and has read everything up to the ping with this timestamp."""

    last_timestamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoAway:
    """The server would like the worker to connect again, to another one perhaps."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something that no server of this protocol says, or that a newer one may say."""

    problem: str


FromServer: TypeAlias = (
    Registered | JobOffered | JobAssigned | JobTerminated | Pong | GoAway | Unreadable
)


# From the worker.


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who the worker is, and what its agents may do in a room."""

    worker_type: str
    """``JT_ROOM``, ``JT_PUBLISHER`` or ``JT_PARTICIPANT``."""
    agent_name: str
    version: str
    ping_interval: int
    """Whole seconds."""
    permissions: tuple[tuple[str, bool], ...] = ()
    sources: tuple[str, ...] = ()
    """Names of ``TrackSource`` that may be published; none for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobAnswer:
    """Whether the worker would run a job, and as whom."""

    job_id: str
    available: bool
    terminate: bool = False
    """Nobody else is to be asked either."""
    name: str = ""
    identity: str = ""
    metadata: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerUpdate:
    """Whether the worker takes jobs."""

    available: bool
    load: float
    job_count: int
    draining: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobUpdate:
    """How far a job is."""

    job_id: str
    status: JobStatus
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Answer with a pong of the same timestamp, in milliseconds."""

    timestamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateJobs:
    """These jobs go on here: said after a connection that was lost has been replaced."""

    job_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateJob:
    """Offer us a job for this room, as if somebody had come in."""

    room: str
    participant: str = ""
    """The identity of the publisher the job is about, or nobody's."""


ToServer: TypeAlias = (
    Register | JobAnswer | WorkerUpdate | JobUpdate | Ping | MigrateJobs | SimulateJob
)
