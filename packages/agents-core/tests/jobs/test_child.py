"""What a job process takes for its own, and what it lets go of."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import job_entries
import pytest

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint, Entrypoint
from agents_core.jobs.messages import JobEnded, JobStarted, RequestShutdown, ShuttingDown

if TYPE_CHECKING:
    from raw_worker import RawProcess

Raw: TypeAlias = "Callable[..., RawProcess]"

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)


def job(raw: Raw, entrypoint: Entrypoint, **options: object) -> RawProcess:
    process = raw(EntryPoint.of(entrypoint), **options)
    assert process.initialize().error is None
    process.start_job()
    process.hear(JobStarted)
    return process


def test_stacks_can_be_had_of_a_process_whose_loop_is_blocked(raw: Raw) -> None:
    process = job(raw, job_entries.blocking)
    assert process.process.pid is not None
    give_up = time.monotonic() + 20
    dumped = b""

    while b"in blocking" not in dumped and time.monotonic() < give_up:
        os.kill(process.process.pid, signal.SIGUSR1)
        if process.dump.poll(0.2):
            dumped += os.read(process.dump.fileno(), 65536)

    assert b"in blocking" in dumped
    assert b"in _listen" in dumped, "every thread, not only the main one"
    assert not [said for said in process.said if isinstance(said, ShuttingDown)]


def test_nobody_who_reads_the_stacks_costs_only_the_stacks(raw: Raw) -> None:
    process = job(raw, job_entries.returning)
    process.hear(JobEnded)
    assert process.process.pid is not None
    for _ in range(60):
        os.kill(process.process.pid, signal.SIGUSR1)
        time.sleep(0.001)
    process.say(RequestShutdown(reason="enough"))

    assert process.gone() == 0


def test_a_signal_for_the_workers_group_is_not_for_the_process(raw: Raw) -> None:
    process = job(raw, job_entries.returning)
    assert process.process.pid is not None

    assert os.getsid(process.process.pid) == process.process.pid


def test_a_forked_process_holds_no_descriptor_that_it_disowns(raw: Raw) -> None:
    ours, siblings = socket.socketpair()
    with ours:
        process = job(
            raw, job_entries.returning, via="fork", disown=(ours.fileno(), siblings.fileno())
        )
        target = Path(f"/proc/{process.process.pid}/fd/{siblings.fileno()}")
        assert target.readlink() == Path(os.devnull)
        siblings.close()

        readable, _, _ = select.select([ours], [], [], 20)

        assert readable
        assert ours.recv(1) == b"", "the end of the sibling is heard of"


def test_a_program_that_a_job_starts_can_be_ended_by_a_signal(raw: Raw) -> None:
    process = job(raw, job_entries.starting_a_program)
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))
    process.gone()

    assert f"ended by {signal.SIGTERM.value}" in process.log()


def test_a_job_that_does_not_touch_its_room_does_not_load_the_sdk(raw: Raw) -> None:
    process = job(raw, job_entries.touching_nothing, via="spawn", deadlines=Deadlines())
    process.say(RequestShutdown(reason="enough"))
    process.gone()

    assert "the SDK is not loaded" in process.log()
    assert process.steps()["native dispose"] == "skipped"
