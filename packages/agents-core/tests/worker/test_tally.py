from __future__ import annotations

from agents_core.jobs.counters import BOUNDS, PoolMetrics, StepDurations
from agents_core.worker.effects import JobChanged, Lost
from agents_core.worker.messages import JobStatus, Registered
from agents_core.worker.state import Limits, State
from agents_core.worker.tally import Tally

STATE = State(
    limits=Limits(load_threshold=0.7, job_load=0.1),
    url="ws://server",
    registered=True,
    load=0.25,
    jobs=frozenset({"A", "B"}),
)
POOL = PoolMetrics(
    starts=5,
    initialize_failures=1,
    ended=2,
    idle=1,
    initializing=0,
    running=2,
    forced_kills=(("SIGKILL", 3),),
    deaths=(("SIGSEGV", 1),),
    steps=(
        StepDurations(
            step="room disconnect",
            outcomes=(("done", 1), ("timed out", 1)),
            count=2,
            total=5.5,
            buckets=(0,) * len(BOUNDS) + (2,),
        ),
    ),
)


def told(tally: Tally) -> dict[tuple[str, tuple[str, ...]], float]:
    """Values by name and values of the labels."""
    return {
        (family.name + sample.suffix, tuple(value for _, value in sample.labels)): sample.value
        for family in tally.families(STATE, POOL)
        for sample in family.samples
    }


def test_jobs_are_counted_when_they_end_and_only_ours() -> None:
    tally = Tally()
    for job_id, status in [
        ("A", JobStatus.RUNNING),
        ("A", JobStatus.SUCCESS),
        ("B", JobStatus.FAILED),
        ("C", JobStatus.FAILED),
    ]:
        tally.count(JobChanged(job_id=job_id, status=status), STATE)

    page = told(tally)
    assert page["agents_jobs_total", ("success",)] == 1
    assert page["agents_jobs_total", ("failed",)] == 1
    assert page["agents_jobs_running", ()] == 2


def test_the_first_registration_is_no_reconnect() -> None:
    tally = Tally()
    assert told(tally)["agents_worker_reconnects_total", ()] == 0
    for _ in range(3):
        tally.count(Registered(worker_id="AW"), STATE)
        tally.count(Lost(), STATE)

    assert told(tally)["agents_worker_reconnects_total", ()] == 2


def test_processes_and_their_endings_are_told() -> None:
    page = told(Tally())

    assert page["agents_processes", ("idle",)] == 1
    assert page["agents_processes", ("running",)] == 2
    assert page["agents_process_initialize_failures_total", ()] == 1
    assert page["agents_forced_kills_total", ("SIGKILL",)] == 3
    assert page["agents_process_deaths_total", ("SIGSEGV",)] == 1
    assert page["agents_shutdown_step_seconds_sum", ("room disconnect",)] == 5.5
    assert page["agents_shutdown_step_seconds_bucket", ("room disconnect", "+Inf")] == 2
    assert page["agents_shutdown_steps_total", ("room disconnect", "timed out")] == 1


def test_the_worker_itself_is_told() -> None:
    page = told(Tally())

    assert page["agents_worker_load", ()] == 0.25
    assert page["agents_worker_registered", ()] == 1
    assert page["agents_worker_draining", ()] == 0
