"""Whether a worker is well, and who it is: what is asked over HTTP, decided from a snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from agents_core.jobs.counters import PoolMetrics

OK = 200
UNAVAILABLE = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A worker at one moment."""

    agent_name: str
    worker_type: str
    sdk_version: str
    active_jobs: int
    load: float
    registered: bool
    draining: bool
    pool_problem: str = ""
    """Why no process can be had for a job; empty where one can."""


class PoolHealth:
    """Whether processes can be made ready, told from what the pool counts as time goes by."""

    def __init__(self) -> None:
        self._forgiven = 0

    def problem(self, pool: PoolMetrics) -> str:
        """What is wrong; nothing once there is a process that is ready, or has a job."""
        if pool.idle or pool.running:
            self._forgiven = pool.initialize_failures
        failures = pool.initialize_failures - self._forgiven
        return f"no job process can be made ready ({failures} failed in a row)" if failures else ""


def health(snapshot: Snapshot) -> tuple[int, str]:
    """The status and the body: 200 and ``OK``, or 503 and the reason.

    It answers whether jobs could be taken, as a balancer asks; a worker that is full is well.
    """
    if snapshot.draining:
        return UNAVAILABLE, "the worker is draining"
    if not snapshot.registered:
        return UNAVAILABLE, "the worker is not connected to its server"
    if snapshot.pool_problem:
        return UNAVAILABLE, snapshot.pool_problem
    return OK, "OK"


def identity(snapshot: Snapshot) -> dict[str, str | int | float]:
    """What ``/worker`` tells."""
    return {
        "agent_name": snapshot.agent_name,
        "worker_type": snapshot.worker_type,
        "active_jobs": snapshot.active_jobs,
        "sdk_version": snapshot.sdk_version,
        "project_type": "python",
        "worker_load": round(snapshot.load, 4),
    }
