"""What a worker knows while it decides: its offers, its jobs, and what the server may not know."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents_core.jobs.request import Accepted
from agents_core.worker.messages import JobOffered, JobUpdate, WorkerUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a worker is full."""

    load_threshold: float
    """At this load it takes no more jobs."""
    job_load: float
    """What a job adds to the load, for all we know before it has been measured."""
    offers: int = 64
    """Undecided or unassigned at the same time: a server asks as often as it likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A job that is not ours yet; accepted, once `request_fnc` has said so."""

    offered: JobOffered
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """A report that the server may not have read yet."""

    update: JobUpdate
    ping: int | None = None
    """The first ping after it; its pong is the proof. None where none was sent yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Of a worker, between two events."""

    limits: Limits
    url: str
    """Of the server."""
    worker_id: str = ""
    """As of the last registration."""
    registered: bool = False
    """Whether there is a connection that the server knows the worker by."""
    draining: bool = False
    load: float = 0.0
    """As last measured."""
    begun: int = 0
    """Jobs assigned since then, whose load does not show at all yet."""
    begun_before: int = 0
    """Jobs assigned in the interval before, whose load may not show in the average yet."""
    offers: dict[str, Offer] = field(default_factory=dict)
    """By the job's id; replaced as a whole, never changed."""
    jobs: frozenset[str] = frozenset()
    """The ids of those that run here."""
    unconfirmed: dict[str, Unconfirmed] = field(default_factory=dict)
    """The newest report on each job, by its id, oldest first; replaced as a whole."""

    @property
    def expected(self) -> float:
        """The load, with room kept for the jobs that do not show in it yet."""
        unseen = self.begun + self.begun_before + len(self.offers)
        return self.load + unseen * self.limits.job_load

    @property
    def available(self) -> bool:
        """Whether another job may be offered."""
        return (
            not self.draining
            and self.expected < self.limits.load_threshold
            and len(self.offers) < self.limits.offers
        )

    @property
    def report(self) -> WorkerUpdate:
        """What the server is to know of it."""
        return WorkerUpdate(
            available=self.available,
            load=self.expected,
            job_count=len(self.jobs),
            draining=self.draining,
        )
