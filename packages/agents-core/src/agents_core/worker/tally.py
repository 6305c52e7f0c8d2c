"""What a worker counts, and the page of metrics that it makes of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agents_core.jobs.counters import BOUNDS, PoolMetrics
from agents_core.worker.effects import Event, JobChanged
from agents_core.worker.messages import JobStatus, Registered
from agents_core.worker.metrics import Family, Sample, histogram
from agents_core.worker.state import State


class Tally:
    """Counts events as they pass by."""

    def __init__(self) -> None:
        self._ended: Counter[JobStatus] = Counter()
        self._registrations = 0

    def count(self, event: Event, state: State) -> None:
        """Take into account what happens in `state`."""
        match event:
            case JobChanged(job_id=job_id, status=status) if status.ended and job_id in state.jobs:
                self._ended[status] += 1
            case Registered():
                self._registrations += 1
            case _:
                pass

    def families(self, state: State, pool: PoolMetrics) -> Iterator[Family]:
        """All there is to tell of this worker."""
        yield from self._of_jobs(state)
        yield from _of_worker(state, reconnects=max(self._registrations - 1, 0))
        yield from _of_processes(pool)
        yield from _of_endings(pool)

    def _of_jobs(self, state: State) -> Iterator[Family]:
        yield Family(
            name="agents_jobs_total",
            kind="counter",
            help="Jobs that have ended, by how.",
            samples=tuple(
                Sample(value=self._ended[status], labels=(("status", status.value),))
                for status in (JobStatus.SUCCESS, JobStatus.FAILED)
            ),
        )
        yield _gauge("agents_jobs_running", "Jobs assigned and not over.", len(state.jobs))
        yield _gauge("agents_jobs_offered", "Jobs on offer, undecided.", len(state.offers))


def _of_worker(state: State, *, reconnects: int) -> Iterator[Family]:
    yield _gauge("agents_worker_load", "The load, from 0 to 1, as reported.", state.expected)
    yield _gauge("agents_worker_registered", "1 while the server knows us.", state.registered)
    yield _gauge("agents_worker_draining", "1 while no jobs are taken.", state.draining)
    yield _counter("agents_worker_reconnects_total", "Registrations after the first.", reconnects)


def _of_processes(pool: PoolMetrics) -> Iterator[Family]:
    states = (("idle", pool.idle), ("starting", pool.initializing), ("running", pool.running))
    yield Family(
        name="agents_processes",
        kind="gauge",
        help="Job processes alive, by what they do.",
        samples=tuple(Sample(value=n, labels=(("state", state),)) for state, n in states),
    )
    yield _counter("agents_process_starts_total", "Job processes started.", pool.starts)
    yield _counter(
        "agents_process_initialize_failures_total",
        "Job processes that could not be made ready.",
        pool.initialize_failures,
    )
    yield _by_signal(
        "agents_forced_kills_total", "Sent to overrunning processes.", pool.forced_kills
    )
    yield _by_signal("agents_process_deaths_total", "Signals processes died of.", pool.deaths)


def _of_endings(pool: PoolMetrics) -> Iterator[Family]:
    yield Family(
        name="agents_shutdown_step_seconds",
        kind="histogram",
        help="How long each step of a job's ending took.",
        samples=tuple(
            sample
            for step in pool.steps
            for sample in histogram(BOUNDS, step.buckets, step.total, (("step", step.step),))
        ),
    )
    yield Family(
        name="agents_shutdown_steps_total",
        kind="counter",
        help="Steps of jobs' endings, by how each went.",
        samples=tuple(
            Sample(value=count, labels=(("step", step.step), ("outcome", outcome)))
            for step in pool.steps
            for outcome, count in step.outcomes
        ),
    )


def _gauge(name: str, text: str, value: float) -> Family:
    return Family(name=name, kind="gauge", help=text, samples=(Sample(value=value),))


def _counter(name: str, text: str, value: float) -> Family:
    return Family(name=name, kind="counter", help=text, samples=(Sample(value=value),))


def _by_signal(name: str, text: str, counts: tuple[tuple[str, int], ...]) -> Family:
    samples = tuple(Sample(value=n, labels=(("signal", signal),)) for signal, n in counts)
    return Family(name=name, kind="counter", help=text, samples=samples)
