"""What a worker asks of its job process, and what it answers."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import job_entries
import pytest

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.duties import status_of
from agents_core.jobs.entry import EntryPoint, Prewarm
from agents_core.jobs.messages import (
    Initialize,
    JobEnded,
    JobStarted,
    LogLine,
    RequestShutdown,
    RunningJob,
    ShuttingDown,
    StartJob,
)

if TYPE_CHECKING:
    from raw_worker import RawProcess

Raw: TypeAlias = "Callable[..., RawProcess]"


def test_prewarm_runs_once_in_the_process_and_prepares_it_for_the_job(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning, job_entries.warm))
    assert process.initialize().error is None
    process.start_job()
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))
    process.gone()

    pid = process.process.pid
    assert pid != os.getpid()
    assert f"warmed in {pid}, runs in {pid}" in process.log()


@pytest.mark.parametrize(
    ("prewarm", "error"),
    [
        (job_entries.fail_to_warm, "OSError: the model is not there"),
        (job_entries.exit_while_warming, "SystemExit: 5"),
        (job_entries.coroutine_for_warming, "TypeError: prewarm is called, not awaited"),
    ],
)
def test_a_process_that_cannot_be_made_ready_says_why_and_ends(
    raw: Raw, prewarm: Prewarm, error: str
) -> None:
    process = raw(EntryPoint.of(job_entries.returning, prewarm))

    answer = process.initialize().error

    assert answer is not None
    assert answer.startswith(error)
    assert process.gone() == 1
    assert "made ready" in process.hear(ShuttingDown).reason
    assert process.steps()["log flush"] == "done"


def test_a_file_that_cannot_be_imported_is_told_the_same_way(raw: Raw, tmp_path: Path) -> None:
    (tmp_path / "broken_agent.py").write_text("import nothing_of_that_name\n")
    process = raw(EntryPoint.at(tmp_path / "broken_agent.py"))

    answer = process.initialize().error

    assert answer == "ModuleNotFoundError: No module named 'nothing_of_that_name'"
    assert process.gone() == 1


def test_a_process_has_one_job_in_its_life(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning))
    process.initialize()
    process.start_job("AJ_1")
    assert process.hear(JobEnded) == JobEnded(job_id="AJ_1")
    process.start_job("AJ_2")
    refused = process.hear(JobEnded, number=2)
    assert refused == JobEnded(job_id="AJ_2", error="RuntimeError: the process has a job already")
    process.say(RequestShutdown(reason="enough"))
    assert process.gone() == 0
    assert [m.job_id for m in process.said if isinstance(m, JobStarted)] == ["AJ_1"]


def test_a_job_that_comes_too_late_is_refused(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.slow_to_close))
    process.initialize()
    process.start_job("AJ_1")
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))
    process.hear(ShuttingDown)
    process.start_job("AJ_2")

    assert process.hear(JobEnded, number=2).error == "RuntimeError: the process is ending"
    assert process.gone() == 0


def test_a_job_that_comes_too_early_is_refused(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning), deadlines=Deadlines(initialize=0.5))
    process.start_job("AJ_1")

    assert process.hear(JobEnded).error == "RuntimeError: the process is not ready for a job"


def test_a_job_that_is_none_is_refused(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning))
    process.initialize()
    process.say(StartJob(running=RunningJob(job=b"\xff", url="", token="", worker_id="")))

    error = process.hear(JobEnded).error

    assert error is not None
    assert "DecodeError" in error


def test_what_is_logged_carries_the_fields_of_the_job(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning))
    process.initialize()
    process.start_job("AJ_1")
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))
    process.gone()

    [line] = [m for m in process.said if isinstance(m, LogLine) and m.name == "job_entries"]
    assert json.loads(line.extra) == {"job_id": "AJ_1", "room": "the room"}
    assert line.level == logging.INFO
    assert line.path == job_entries.__file__


def test_what_threads_warnings_and_exceptions_say_is_logged_too(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.logging_from_everywhere))
    process.initialize()
    process.start_job()
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))
    process.gone()

    assert "thread loser died of an error" in process.log()
    assert any("UserWarning: strange" in line for line in process.log())
    [saved] = [
        m for m in process.said if isinstance(m, LogLine) and m.message == "could not save it"
    ]
    assert "OSError: disk full" in (saved.exception or "")
    assert json.loads(saved.extra)["where"] == "here"


def test_nothing_below_the_level_is_sent(raw: Raw) -> None:
    process = raw(EntryPoint.of(job_entries.returning))
    process.say(Initialize(log_level=logging.WARNING, ping_interval=1.0, orphan_timeout=60.0))
    process.start_job()
    process.hear(JobEnded)
    process.say(RequestShutdown(reason="enough"))

    assert process.gone() == 0
    assert process.log() == []


@pytest.mark.parametrize(
    ("code", "status"), [(None, 0), (0, 0), (3, 3), (256, 0), (-1, 255), ("no", 1)]
)
def test_an_exit_has_the_status_that_python_gives_it(code: object, status: int) -> None:
    assert status_of(SystemExit(code)) == status
