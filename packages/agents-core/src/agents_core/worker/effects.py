"""What the worker's decisions are about, and what they ask to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from agents_core.jobs.messages import RunningJob
from agents_core.jobs.request import Answer
from agents_core.worker.messages import FromServer, JobOffered, JobStatus, ToServer

# What happens, beside what the server says.


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The connection is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`request_fnc` decided; or it said nothing, for the reason that is given."""

    job_id: str
    answer: Answer | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """The server has not assigned in time what it was told would be run."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged:
    """A job process began with its job, or ended."""

    job_id: str
    status: JobStatus
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The load of the machine, from 0 to 1."""

    load: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PingDue:
    """It is time to ask the server whether it is there."""

    timestamp: int
    """Milliseconds; each ping's is higher than the last one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainBegun:
    """No job is to be taken any more."""


Event: TypeAlias = (
    FromServer | Lost | Answered | Overdue | JobChanged | Measured | PingDue | DrainBegun
)


# What is to be done.


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Tell the server."""

    message: ToServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Have `request_fnc` decide, and come back with `Answered`."""

    offer: JobOffered


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitAssignment:
    """Come back with `Overdue` if the job has not been forgotten when the time is up."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Stop asking or waiting for this job."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Run the job in a process, and come back with `JobChanged` as it begins and ends."""

    job_id: str
    running: RunningJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Have the job's process end by its own road."""

    job_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconnect:
    """Give this connection up for a new one."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """For the log."""

    level: int
    text: str
    error: Exception | None = None


Effect: TypeAlias = Send | Ask | AwaitAssignment | Forget | Launch | Stop | Reconnect | Say
