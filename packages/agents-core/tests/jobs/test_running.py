"""An entry point that is to come to its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import job_entries

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint, Entrypoint
from agents_core.jobs.messages import JobEnded, JobStarted, RequestShutdown, StepEnded

if TYPE_CHECKING:
    from raw_worker import RawProcess

Raw: TypeAlias = "Callable[..., RawProcess]"


def end(raw: Raw, entrypoint: Entrypoint, deadlines: Deadlines) -> RawProcess:
    """The process of such a job, after its end."""
    process = raw(EntryPoint.of(entrypoint), deadlines=deadlines)
    process.initialize()
    process.start_job()
    process.hear(JobStarted)
    time.sleep(0.1)
    process.say(RequestShutdown(reason="enough"))
    assert process.gone() == 0
    return process


def test_one_that_has_returned_is_not_waited_for(raw: Raw) -> None:
    assert end(raw, job_entries.returning, Deadlines()).steps()["entry point"] == "skipped"


def test_one_that_returns_in_time_is_not_cancelled(raw: Raw) -> None:
    process = end(raw, job_entries.taking_its_time, Deadlines())

    assert process.steps()["entry point"] == "done"
    assert "in its own time" in process.log()
    assert process.hear(JobEnded).error is None


def test_one_that_does_not_is_cancelled_and_its_clean_up_awaited(raw: Raw) -> None:
    process = end(raw, job_entries.waiting, Deadlines(entry=0.1))

    assert process.steps()["entry point"] == "timed out"
    log = process.log()
    assert log.index("cleaned up") < log.index("session close: skipped, there is none (0.000 s)")
    assert any(line.startswith("entry point: timed out, waiting for waiting (") for line in log)
    assert process.hear(JobEnded) == JobEnded(job_id="AJ_1")


def test_one_that_refuses_is_named_and_left_behind(raw: Raw) -> None:
    process = end(raw, job_entries.refusing, Deadlines(entry=0.1, cancel=0.1, tasks=0.1))

    assert process.steps()["entry point"] == "timed out"
    assert process.steps()["task stop"] == "timed out"
    assert any("waiting for refusing, although it was cancelled" in line for line in process.log())
    assert not [said for said in process.said if isinstance(said, JobEnded)]
    assert [said.step for said in process.said if isinstance(said, StepEnded)][-1] == "log flush"
