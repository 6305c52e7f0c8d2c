"""Job after job through one worker, which is no bigger afterwards than it was before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import pytest
from hypothesis import settings
from lived_worker import LivedWorker, living, until

from agents_core.testing.room import RoomProcess, room_is_possible

LONG = settings.get_current_profile_name() == "nightly"
JOBS = 200 if LONG else 60
CONNECTED_OF_THREE = 3 if LONG else 1
ABREAST = 4
ROUNDS = 4
SETTLING = 0.3
"""Seconds for what was just over to be closed: the request for the metrics, for one."""
EXECUTOR = 4
"""Threads by which the event loop's executor may still grow; a job that left one would show."""
MEGABYTE = 1024 * 1024
NAME = "two hundred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Of a worker or of its fork server, when no job runs."""

    threads: int
    descriptors: int
    rss: int
    """Bytes. Not PSS: that grows here when an unrelated process ends that shared a library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """At everything there is, after a round of jobs."""

    worker: Size
    fork_server: Size
    job_processes: int
    zombies: int


def size(process: psutil.Process) -> Size:
    time.sleep(SETTLING)
    rss = process.memory_info().rss
    return Size(threads=process.num_threads(), descriptors=process.num_fds(), rss=rss)


def look(worker: LivedWorker) -> Look:
    processes = worker.job_processes()
    return Look(
        worker=size(psutil.Process(worker.process.pid)),
        fork_server=size(worker.fork_server()),
        job_processes=len(processes),
        zombies=sum(each.status() == psutil.STATUS_ZOMBIE for each in processes),
    )


def work_through(server: RoomProcess, worker: LivedWorker, numbers: range) -> list[str]:
    """Jobs with these numbers, some abreast; when it returns, all are over."""
    jobs: list[str] = []
    for number in numbers:
        connects = number % 3 < CONNECTED_OF_THREE
        does = "connects_and_ends" if connects else "touches_the_library"
        room = f"room {number % ABREAST}"
        told = server.dispatch(room=room, agent_name=NAME, metadata=does, within=30)
        jobs.append(told["job"])
        if len(jobs) >= ABREAST:
            worker.gone(jobs[-ABREAST])
    for job in jobs:
        worker.gone(job)
    until(lambda: worker.metrics()['agents_processes{state="idle"}'] == 1, "an idle process")
    return jobs


@pytest.fixture(scope="module")
def server() -> Iterator[RoomProcess]:
    """One that nobody else has left anything in."""
    if (why := room_is_possible()) is not None:
        pytest.skip(why)
    with RoomProcess() as process:
        yield process


@pytest.fixture(scope="module")
def looks(server: RoomProcess) -> list[Look]:
    """One after each round, the first after a round for warming up."""
    seen, jobs = [], []
    with living(server, agent_name=NAME, num_idle_processes=1) as worker:
        for place in range(ROUNDS + 1):
            each = JOBS // ROUNDS
            numbers = range(place * each, (place + 1) * each) if place else range(each // 2)
            jobs += work_through(server, worker, numbers)
            seen.append(look(worker))
        for job in jobs:
            server.wait_for("job_status", job=job, status="success")
        metrics = worker.metrics()
        assert metrics['agents_jobs_total{status="success"}'] == len(jobs) >= JOBS
        assert metrics['agents_jobs_total{status="failed"}'] == 0
        assert worker.log(level="ERROR") == []
        assert worker.end() == 0
    return seen


def test_no_process_is_left_and_none_is_a_zombie(looks: list[Look]) -> None:
    assert {each.zombies for each in looks} == {0}
    assert {each.job_processes for each in looks} == {1}  # which is idle


@pytest.mark.parametrize("who", ["worker", "fork_server"])
def test_threads_and_descriptors_are_flat(looks: list[Look], who: str) -> None:
    sizes = [getattr(each, who) for each in looks[1:]]

    assert max(each.threads for each in sizes) < sizes[0].threads + EXECUTOR
    assert max(each.descriptors for each in sizes) < sizes[0].descriptors + ABREAST


@pytest.mark.parametrize("who", ["worker", "fork_server"])
def test_memory_is_flat(looks: list[Look], who: str) -> None:
    sizes = [getattr(each, who).rss for each in looks[1:]]

    assert max(sizes) - sizes[0] < 4 * MEGABYTE


def test_every_participant_has_left_with_a_word(looks: list[Look], server: RoomProcess) -> None:
    assert looks
    joined = {event.identity for event in server.seen("joined")}
    assert len(joined) >= JOBS * CONNECTED_OF_THREE // 3
    assert joined == {event.identity for event in server.seen("leave")}
    assert all(event["clean"] for event in server.seen("closed"))
