"""All the ways in which a job process comes to its end, and the one road that they take."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import job_entries
import pytest

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint, Entrypoint
from agents_core.jobs.messages import (
    JobEnded,
    JobStarted,
    Ping,
    Pong,
    RequestShutdown,
    ShuttingDown,
    StepEnded,
)

if TYPE_CHECKING:
    from raw_worker import RawProcess

Raw: TypeAlias = "Callable[..., RawProcess]"

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)

METHODS = multiprocessing.get_all_start_methods()
STEPS = [
    "stop accepting",
    "entry point",
    "session close",
    "room disconnect",
    "shutdown callbacks",
    "task stop",
    "native dispose",
    "log flush",
]
SHORT = Deadlines(entry=0.2, cancel=0.2, session=0.2, room=0.2, callbacks=0.2, tasks=0.2)


def job(raw: Raw, entrypoint: Entrypoint, **options: object) -> RawProcess:
    """A process whose job has started."""
    process = raw(EntryPoint.of(entrypoint), **options)
    assert process.initialize().error is None
    process.start_job()
    process.hear(JobStarted)
    return process


def ended_once(process: RawProcess, reason: str, *, status: int = 0) -> dict[str, str]:
    """The steps of an ending that is in order."""
    assert process.gone() == status, process.said
    [shutting_down] = [said for said in process.said if isinstance(said, ShuttingDown)]
    assert reason in shutting_down.reason
    assert [said.step for said in process.said if isinstance(said, StepEnded)] == STEPS
    assert f"the job shuts down: {shutting_down.reason}" in process.log()
    return process.steps()


@pytest.mark.parametrize("via", METHODS)
def test_a_request_ends_it_whatever_it_was_started_by(raw: Raw, via: str) -> None:
    process = job(raw, job_entries.returning, via=via)
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="the worker drains"))

    steps = ended_once(process, "the worker drains")

    assert set(steps.values()) <= {"done", "skipped"}
    assert process.process.pid is not None
    assert not Path(f"/proc/{process.process.pid}").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("via", METHODS)
def test_a_signal_ends_it(raw: Raw, via: str, number: signal.Signals) -> None:
    process = job(raw, job_entries.returning, via=via)
    assert process.process.pid is not None
    os.kill(process.process.pid, number)

    ended_once(process, number.name)


def test_the_end_of_the_channel_ends_it(raw: Raw) -> None:
    process = job(raw, job_entries.returning)
    process.end.shutdown(socket.SHUT_WR)

    ended_once(process, "the worker is gone")


def test_garbage_ends_it(raw: Raw) -> None:
    process = job(raw, job_entries.returning)
    process.end.sendall(b"GET / HTTP/1.1\r\n\r\n")

    ended_once(process, "cannot be understood: agents_core.jobs.wire.ChannelError")


def test_what_only_a_process_may_say_ends_it(raw: Raw) -> None:
    process = job(raw, job_entries.returning)
    process.say(Pong(last_timestamp=1.0, timestamp=1.0))

    ended_once(process, "not for a worker to say")


def test_a_silence_of_the_worker_ends_it_and_its_pings_do_not(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning))
    process.initialize(orphan_timeout=1.5)
    for number in range(8):
        process.say(Ping(timestamp=number))
        time.sleep(0.25)
    assert not [said for said in process.said if isinstance(said, ShuttingDown)]

    ended_once(process, "nothing heard from the worker for")

    assert [said.last_timestamp for said in process.said if isinstance(said, Pong)] == list(
        range(8)
    )


def test_a_worker_that_never_says_what_to_do_is_left(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning), deadlines=Deadlines(initialize=0.3))

    ended_once(process, "nothing heard from the worker for")


def test_the_job_itself_ends_it_and_is_still_the_job_to_its_callbacks(raw: Raw) -> None:
    process = job(raw, job_entries.shutting_down)

    steps = ended_once(process, "enough")

    assert steps["session close"] == steps["shutdown callbacks"] == "done"
    log = process.log()
    assert log.index("session closed, with enough") < log.index("callback, with enough")
    assert "callback, without" in log


def test_an_entry_point_that_raises_ends_it_with_its_error(raw: Raw) -> None:
    process = job(raw, job_entries.failing)

    ended_once(process, "the entry point failed: ValueError: this job is too hard", status=1)

    assert process.hear(JobEnded).error == "ValueError: this job is too hard"
    [logged] = [said for said in process.said if getattr(said, "exception", None)]
    assert "in failing" in logged.exception  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("entrypoint", "reason", "status", "error"),
    [
        (job_entries.exiting, "the entry point exited", 0, None),
        (job_entries.exiting_with_status, "the entry point failed", 1, "SystemExit: 3"),
        (job_entries.exiting_elsewhere, "sys.exit() was called", 3, None),
        (job_entries.stopping_the_loop, "the event loop broke", 1, None),
    ],
)
def test_an_exit_anywhere_takes_the_same_road(
    raw: Raw, entrypoint: Entrypoint, reason: str, status: int, error: str | None
) -> None:
    process = job(raw, entrypoint)

    steps = ended_once(process, reason, status=status)

    assert process.hear(JobEnded).error == error
    assert steps["task stop"] == "done"


def test_a_storm_of_triggers_makes_one_ending(raw: Raw) -> None:
    process = job(raw, job_entries.slow_to_close)
    assert process.process.pid is not None
    for number in range(50):
        os.kill(process.process.pid, signal.SIGTERM if number % 2 else signal.SIGINT)
        process.say(RequestShutdown(reason="storm"))

    steps = ended_once(process, "")

    assert steps["session close"] == "done", "no later trigger cuts a step short"


@pytest.mark.parametrize("trigger", ["a signal", "a request", "the end of the channel"])
def test_a_blocked_event_loop_keeps_nobody_from_ending_it(raw: Raw, trigger: str) -> None:
    process = job(raw, job_entries.blocking, deadlines=SHORT)
    assert process.process.pid is not None
    match trigger:
        case "a signal":
            os.kill(process.process.pid, signal.SIGTERM)
        case "a request":
            process.say(RequestShutdown(reason="enough"))
        case _:
            process.end.shutdown(socket.SHUT_WR)

    steps = ended_once(process, "")

    assert steps["entry point"] == steps["task stop"] == "timed out"
    assert steps["log flush"] == "done"
    assert any("the event loop, which does not answer" in line for line in process.log())


def test_a_process_that_is_still_getting_ready_can_be_ended(raw: Raw) -> None:
    process = raw(
        EntryPoint.of(job_entries.returning, job_entries.block_while_warming), deadlines=SHORT
    )
    process.say(RequestShutdown(reason="not needed any more"))

    ended_once(process, "not needed any more")


def test_pings_are_answered_until_the_end(raw: Raw) -> None:
    process = job(raw, job_entries.slow_to_close)
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))
    process.hear(ShuttingDown)
    process.say(Ping(timestamp=1.0))
    process.hear(Pong)
    said_by_then = process.steps()

    ended_once(process, "enough")

    assert "session close" not in said_by_then


def test_it_says_beforehand_how_long_its_steps_may_take(raw: Raw) -> None:
    deadlines = Deadlines(entry=7, session=8)
    process = job(raw, job_entries.returning, deadlines=deadlines)
    process.say(RequestShutdown(reason="enough"))
    ended_once(process, "enough")

    assert process.hear(ShuttingDown).longest == deadlines.total + 1


def test_everything_that_was_logged_arrives_before_the_end(raw: Raw) -> None:
    process = job(raw, job_entries.logging_much)
    process.say(RequestShutdown(reason="enough"))

    ended_once(process, "enough")

    assert [line for line in process.log() if line.startswith("line ")] == [
        f"line {number}" for number in range(2000)
    ]


@pytest.mark.parametrize("via", METHODS)
def test_a_worker_that_is_killed_leaves_no_process_behind(via: str) -> None:
    """Two of them: each must not hold the other's channel open."""
    script = Path(__file__).parents[1] / "support" / "killed_worker.py"
    with subprocess.Popen(
        [sys.executable, script, via], stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        pids = [int(pid) for pid in worker.stdout.readline().split()]
        assert len(pids) == 2
        worker.kill()
    give_up = time.monotonic() + 20

    while time.monotonic() < give_up and any(map(is_alive, pids)):
        time.sleep(0.02)

    assert not any(map(is_alive, pids))


def is_alive(pid: int) -> bool:
    """Whether it runs: one that nobody reaps any more does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


STARVED = """
import os, resource, socket
from agents_core.jobs.child import run_child
from agents_core.jobs.entry import EntryPoint

ours, its = socket.socketpair()
for_its_loop = os.dup(0) + 1 + 3
resource.setrlimit(resource.RLIMIT_NOFILE, (for_its_loop, for_its_loop))
run_child(its, EntryPoint.at("agent.py"))
"""


def test_a_process_that_cannot_listen_to_signals_ends_by_itself() -> None:
    starved = subprocess.run(
        [sys.executable, "-c", STARVED], timeout=20, capture_output=True, check=False
    )

    assert starved.returncode == 1
