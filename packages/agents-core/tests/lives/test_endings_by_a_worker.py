"""Every way in which a job can end, and in which its ending can be held up, through a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from lived_worker import BOUND, STEPS, Line, LivedWorker, living, runs, until
from shim import counting, marks_by_process

from agents_core.testing.room import RoomProcess

IDLE = 2
ABREAST = 4
"""Jobs that may be connecting at the same time: on a busy machine, more of them time out."""
CLOGGED = "the event loop, which does not answer"
WELL = ("initialize", "callback", "callback", "dispose begins", "dispose ends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a job does, who ends it, and what is to be seen of that."""

    does: str = "stays"
    ended_by: str = "terminate"
    reason: str = "the server terminated the job"
    faults: Mapping[str, str] = field(default_factory=dict)
    """The steps that overrun, and whom the log is to blame."""
    error: str = ""
    """What the server is told of a job that failed."""
    leaves: bool = True
    marks: tuple[str, ...] = WELL
    """What the shim and the callbacks note."""


ENDINGS = {
    "terminated": Case(),
    "by SIGTERM": Case(ended_by="SIGTERM", reason="SIGTERM"),
    "by SIGINT": Case(ended_by="SIGINT", reason="SIGINT"),
    "by a storm of signals": Case(ended_by="storm", reason="SIG"),
    "room deleted": Case(ended_by="delete", reason="the room is gone: ROOM_DELETED", leaves=False),
    "removed": Case(
        ended_by="remove", reason="the room is gone: PARTICIPANT_REMOVED", leaves=False
    ),
    "by itself": Case(does="ends_itself", ended_by="itself", reason="all is said"),
    "by sys.exit": Case(does="exits", ended_by="itself", reason="the entry point exited"),
    "entry point raises": Case(
        does="raises",
        ended_by="itself",
        reason="the entry point failed: ValueError",
        error="ValueError: this caller is too hard",
    ),
}
HELD_UP = {
    "callback never returns": Case(
        does="callback_never_returns", faults={"shutdown callbacks": "never_returns"}
    ),
    "callback blocks the loop": Case(
        does="callback_blocks_the_loop",
        faults={"shutdown callbacks": "blocks_the_loop", "task stop": CLOGGED},
        marks=("initialize", "callback", "dispose begins", "dispose ends"),
    ),
    "callback ignores cancellation": Case(
        does="callback_ignores_cancellation",
        faults=dict.fromkeys(("shutdown callbacks", "task stop"), "ignores_cancellation"),
    ),
    "entry point blocks the loop": Case(
        does="entry_blocks_the_loop",
        faults=dict.fromkeys(
            ("entry point", "room disconnect", "shutdown callbacks", "task stop"), CLOGGED
        ),
        marks=("initialize", "dispose begins", "dispose ends"),
    ),
    "entry point ignores cancellation": Case(
        does="entry_ignores_cancellation",
        faults=dict.fromkeys(("entry point", "task stop"), "entrypoint"),
    ),
    "session never closes": Case(
        does="session_never_closes", faults={"session close": "never_returns"}
    ),
    "disconnect hangs": Case(does="disconnect_hangs", faults={"room disconnect": "leave"}),
    "dispose hangs": Case(
        does="dispose_hangs", faults={"native dispose": "timed out"}, marks=WELL[:-1]
    ),
    "both hang": Case(
        does="both_hang",
        faults={"room disconnect": "leave", "native dispose": "timed out"},
        leaves=False,
        marks=WELL[:-1],
    ),
}
CUT_OFF = {
    "killed": Case(ended_by="SIGKILL", error="was killed by SIGKILL", leaves=False),
    "deadlocked": Case(does="deadlocks", error="was killed by SIGKILL", leaves=False),
}
ORDERLY = ENDINGS | HELD_UP
CASES = CUT_OFF | ORDERLY  # in this order, one has the time to come to its deadlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One job from its dispatch on."""

    job: str
    pid: int
    identity: str
    gone: Line
    """The worker's report."""
    running_at_report: bool
    log: tuple[Line, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """All of them, and what their worker counted."""

    worker: LivedWorker
    server: RoomProcess
    by_case: Mapping[str, Life]
    metrics: Mapping[str, float]
    noted: frozenset[int]
    """Processes that noted anything, by number."""
    status: int
    """Of the worker's exit."""


@pytest.fixture(scope="module")
def lives(stand_in: RoomProcess, tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """Jobs of all kinds, beside each other, in one worker."""
    folder = tmp_path_factory.mktemp("lives")
    environ = counting(folder, folder / "marks")
    name = "of all kinds"
    with living(
        stand_in,
        environ=environ,
        agent_name=name,
        num_idle_processes=IDLE,
        shutdown_process_timeout=2,
    ) as worker:
        jobs: dict[str, str] = {}
        for case in CASES:
            jobs[case] = begin(stand_in, name, case)
            for job in tuple(jobs.values())[:-ABREAST]:
                worker.pid_of(job)
        pids = {case: worker.pid_of(job) for case, job in jobs.items()}
        for case, job in jobs.items():
            end(stand_in, case, job, pids[case])
        running = {case for case, job in jobs.items() if worker.gone(job) and runs(pids[case])}
        for job in jobs.values():
            stand_in.wait_for("closed", f"agent-{job}")
        until(lambda: len(worker.job_processes()) <= IDLE, "all job processes gone")
        metrics = worker.metrics()
        status = worker.end()
    marks = marks_by_process(folder / "marks")

    def life(case: str) -> Life:
        job, pid = jobs[case], pids[case]
        return Life(
            job=job,
            pid=pid,
            identity=f"agent-{job}",
            gone=worker.gone(job),
            running_at_report=case in running,
            log=tuple(worker.log(job=job)),
            marks=tuple(marks.get(pid, ())),
        )

    return Lives(
        worker=worker,
        server=stand_in,
        by_case={case: life(case) for case in CASES},
        metrics=metrics,
        noted=frozenset(marks),
        status=status,
    )


def begin(server: RoomProcess, agent_name: str, case: str) -> str:
    job: str = server.dispatch(
        room=f"room of {case}", agent_name=agent_name, metadata=CASES[case].does, within=30
    )["job"]
    return job


def end(server: RoomProcess, case: str, job: str, pid: int) -> None:
    match CASES[case].ended_by:
        case "itself":
            return
        case "terminate":
            server.terminate(job)
        case "delete":
            server.delete_room(f"room of {case}")
        case "remove":
            server.remove(f"room of {case}", f"agent-{job}")
        case "storm":
            storm(pid)
        case name:
            os.kill(pid, signal.Signals[name])


def storm(pid: int) -> None:
    """More signals than anybody could want."""
    try:
        for number in (signal.SIGTERM, signal.SIGINT) * 25:
            os.kill(pid, number)
    except ProcessLookupError:
        return  # it was quicker


@pytest.mark.parametrize("case", ORDERLY)
def test_the_process_is_gone_within_the_sum_of_its_deadlines(lives: Lives, case: str) -> None:
    life = lives.by_case[case]
    [begun] = [line for line in life.log if line.said.startswith("the job shuts down: ")]

    assert CASES[case].reason in begun.said
    assert life.gone.at - begun.at < BOUND
    assert not life.running_at_report


@pytest.mark.parametrize("case", ORDERLY)
def test_the_log_blames_the_step_at_fault_and_the_steps_after_it_ran(
    lives: Lives, case: str
) -> None:
    life, faults = lives.by_case[case], CASES[case].faults
    steps = lives.worker.steps(life.job)

    assert tuple(steps) == STEPS[:-1]
    for step, outcome in steps.items():
        fine = outcome.startswith(("done", "skipped, "))
        assert fine == (step not in faults), (step, outcome)
        assert faults.get(step, "") in outcome
    assert life.gone.said.endswith("last step over: log flush")
    blamed = [
        line.said
        for line in life.log
        if line.name == "agents_core.jobs" and line.level == "WARNING" and "timed out" in line.said
    ]
    assert [said.partition(":")[0] for said in blamed] == [*faults]


@pytest.mark.parametrize("case", CASES)
def test_the_server_sees_the_participant_leave(lives: Lives, case: str) -> None:
    """But for one that it sent away itself, and one that nobody could make say goodbye."""
    life = lives.by_case[case]
    reasons = [event["reason"] for event in lives.server.seen("leave", life.identity)]
    # On a busy machine, the SDK may have given up a first connection, and have made a second.
    closed = lives.server.seen("closed", life.identity)[-1]

    if CASES[case].leaves:
        # The close frame behind it is for test_endings to see: of twenty jobs that end at once on a
        # busy machine, one is now and then gone before its last frame is.
        assert reasons[-1:] == ["CLIENT_INITIATED"]
    sent_away = CASES[case].ended_by in ("delete", "remove")
    if not (CASES[case].leaves or sent_away):
        assert reasons == []
        assert not closed["clean"]


@pytest.mark.parametrize("case", CASES)
def test_the_server_is_told_the_job_s_status(lives: Lives, case: str) -> None:
    job, error = lives.by_case[case].job, CASES[case].error
    told = lives.server.seen("job_status", job=job)

    statuses = [event["status"] for event in told]
    assert statuses == ["running", "failed" if error else "success"], told[-1]["error"]
    assert error in told[-1]["error"]
    assert bool(error) == bool(told[-1]["error"])


@pytest.mark.parametrize("case", ORDERLY)
def test_dispose_is_called_once_in_each_process_after_the_last_callback(
    lives: Lives, case: str
) -> None:
    assert lives.by_case[case].marks == CASES[case].marks


def test_the_metrics_count_the_steps_at_fault(lives: Lives) -> None:
    for step in STEPS:
        overrun = sum(step in case.faults for case in CASES.values())
        label = f'agents_shutdown_steps_total{{step="{step}",outcome="timed out"}}'
        assert lives.metrics.get(label, 0) == overrun, step
        counted = lives.metrics[f'agents_shutdown_step_seconds_count{{step="{step}"}}']
        assert counted == len(ORDERLY)


def test_the_metrics_count_jobs_and_who_had_to_be_killed(lives: Lives) -> None:
    failed = sum(bool(case.error) for case in CASES.values())
    metrics = lives.metrics

    assert metrics['agents_jobs_total{status="failed"}'] == failed
    assert metrics['agents_jobs_total{status="success"}'] == len(CASES) - failed
    assert metrics["agents_jobs_running"] == 0
    assert metrics['agents_forced_kills_total{signal="SIGTERM"}'] == 1
    assert metrics['agents_forced_kills_total{signal="SIGKILL"}'] == 1
    assert metrics['agents_process_deaths_total{signal="SIGKILL"}'] == len(CUT_OFF)


def test_a_process_that_cannot_run_shows_where_it_hangs_before_it_is_killed(lives: Lives) -> None:
    job = lives.by_case["deadlocked"].job
    dumps = [line.said for line in lives.worker.log(level="WARNING") if "its threads" in line.said]

    assert any("in deadlock" in dump for dump in dumps)
    assert f"(job {job})" in lives.by_case["deadlocked"].gone.said


def test_nothing_is_left_and_the_worker_ends_as_it_was_asked_to(lives: Lives) -> None:
    assert lives.metrics['agents_processes{state="idle"}'] == IDLE
    assert lives.status == 0


def test_a_process_without_a_job_never_touches_the_native_library(lives: Lives) -> None:
    assert lives.noted == {life.pid for life in lives.by_case.values()}
