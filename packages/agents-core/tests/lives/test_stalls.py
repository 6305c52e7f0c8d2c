"""Workers whose server has stalled, and whole workers that are stormed with signals or killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest
from lived_worker import BOUND, LivedWorker, living, runs, until

from agents_core.testing.room import RoomProcess, room_is_possible


@pytest.fixture(scope="module")
def server() -> Iterator[RoomProcess]:
    """One that these tests stall and let go on."""
    if (why := room_is_possible()) is not None:
        pytest.skip(why)
    with RoomProcess() as process:
        yield process


def begin(server: RoomProcess, does: str, room: str) -> str:
    job: str = server.dispatch(room=room, metadata=does, within=30)["job"]
    return job


def ending(worker: LivedWorker, job: str) -> float:
    """Seconds from the beginning of a job's ending to the worker's report that it is gone."""
    gone = worker.gone(job)
    [begun] = [line for line in worker.log(job=job) if "the job shuts down" in line.said]
    return gone.at - begun.at


def test_a_server_that_stalls_keeps_no_process_and_is_told_once_it_goes_on(
    server: RoomProcess,
) -> None:
    """Until livekit 1.2, disconnect and dispose do not return from this; later ones do."""
    with living(server) as worker:
        job = begin(server, "stays", "a room")
        pid = worker.pid_of(job)
        server.stall()
        os.kill(pid, signal.SIGTERM)

        assert ending(worker, job) < BOUND
        assert not runs(pid)
        steps = worker.steps(job)
        assert steps["shutdown callbacks"].startswith("done")
        assert steps["native dispose"].startswith(("done", "timed out"))
        assert worker.gone(job).said.endswith("last step over: log flush")

        server.go_on()
        server.wait_for("job_status", job=job, status="success", within=30)
        assert server.wait_for("leave", f"agent-{job}")["reason"] == "CLIENT_INITIATED"
        assert server.wait_for("closed", f"agent-{job}")["clean"]
        assert worker.end() == 0


def test_a_connection_that_never_comes_about_keeps_no_process(
    server: RoomProcess,
) -> None:
    with living(server) as worker:
        job = begin(server, "waits_before_it_connects", "a room")
        server.wait_for("job_status", job=job, status="running", within=30)
        server.stall()
        pid = worker.wait_for("connecting", job=job).pid
        time.sleep(0.2)
        os.kill(pid, signal.SIGTERM)

        assert ending(worker, job) < BOUND
        assert not runs(pid)
        steps = worker.steps(job)
        assert steps["entry point"].startswith("timed out, waiting for entrypoint")
        assert steps["room disconnect"].startswith("timed out, waiting for JobRoom.leave")
        assert worker.gone(job).said.endswith("last step over: log flush")

        server.go_on()
        server.wait_for("job_status", job=job, status="success", within=30)
        until(lambda: not phantoms(server), "everybody has left the room")
        assert worker.end() == 0


def test_a_worker_that_is_stormed_with_signals_leaves_and_so_do_its_jobs(
    server: RoomProcess,
) -> None:
    """At the third it leaves as it is; its jobs notice that, and end in good order."""
    with living(server, num_idle_processes=1) as worker:
        jobs = [begin(server, "stays", f"room {number}") for number in range(2)]
        settle(worker, jobs)
        below = worker.relatives()

        for number in (signal.SIGTERM, signal.SIGINT) * 25:
            worker.process.send_signal(number)  # which sends none to a process that was reaped

        assert worker.process.wait(30) in (128 + signal.SIGTERM, 128 + signal.SIGINT)
        assert_gone(server, jobs, below)


def test_a_worker_that_is_killed_leaves_no_process_and_no_phantom(
    server: RoomProcess,
) -> None:
    with living(server, num_idle_processes=1) as worker:
        does = ("stays", "callback_never_returns", "entry_blocks_the_loop")
        jobs = [begin(server, each, f"room of {each}") for each in does]
        settle(worker, jobs)
        below = worker.relatives()
        assert len(below) >= len(jobs) + 2  # the idle process, and the fork server

        worker.process.kill()
        worker.process.wait(30)

        assert_gone(server, jobs, below)


def settle(worker: LivedWorker, jobs: list[str]) -> None:
    for job in jobs:
        worker.pid_of(job)
    until(lambda: worker.metrics()['agents_processes{state="idle"}'] == 1, "an idle process")


def assert_gone(server: RoomProcess, jobs: list[str], below: list[psutil.Process]) -> None:
    """Each process of a worker that is no more has ended, and each job has left its room."""
    gone, alive = psutil.wait_procs(below, timeout=BOUND + 5)
    assert alive == []
    assert len(gone) == len(below)
    for job in jobs:
        leave = server.wait_for("leave", f"agent-{job}", within=10)
        assert leave["reason"] == "CLIENT_INITIATED"
        assert server.wait_for("closed", f"agent-{job}", within=10)["clean"]
    assert phantoms(server) == set()


def phantoms(server: RoomProcess) -> set[str | None]:
    """Participants that joined, and of whom the server believes that they are still there."""
    joined = {event.identity for event in server.seen("joined")}
    return joined - {event.identity for event in server.seen("left")}


if not hasattr(signal, "SIGSTOP"):
    pytest.skip("a server is stalled by a signal", allow_module_level=True)
