"""How a process went, in words."""

from __future__ import annotations

import signal

import pytest

from agents_core.jobs.messages import StepEnded
from agents_core.jobs.reports import ProcessReport, describe_status


def report(**changes: object) -> ProcessReport:
    usual = {"pid": 77, "job_id": "AJ_1", "reason": "asked", "status": 0, "seconds": 1.25}
    return ProcessReport(**{**usual, **changes})


def test_a_process_that_ended_as_it_should_did_not_fail() -> None:
    assert report().failure is None
    assert str(report()) == "job process 77 (job AJ_1) ended with status 0 after 1.2 s: asked"


def test_a_signal_is_called_by_its_name_and_the_last_step_is_told() -> None:
    steps = (
        StepEnded(step="session close", outcome="done", seconds=0.1),
        StepEnded(step="room disconnect", outcome="timed out", seconds=5.0),
    )

    assert report(status=-11, steps=steps).failure == (
        "job process 77 (job AJ_1) was killed by SIGSEGV after 1.2 s: asked;"
        " last step over: room disconnect"
    )


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        pytest.param({"job_error": "ValueError: x", "status": 1}, "ValueError: x", id="its error"),
        pytest.param({"at_fault": True, "reason": "too big"}, "too big", id="its fault"),
        pytest.param({"status": None}, "nobody knows", id="lost status"),
        pytest.param({"status": 3}, "ended with status 3", id="status"),
        pytest.param(
            {"status": -9, "forced": (signal.SIGKILL,), "job_error": "ValueError: x"},
            "by force",
            id="force before its error",
        ),
    ],
)
def test_why_a_job_failed(changes: dict[str, object], failure: str) -> None:
    assert failure in (report(**changes).failure or "")


def test_what_a_process_says_of_itself_stays_on_its_line() -> None:
    assert len(str(report(reason="a\nb", job_id="c\nd")).splitlines()) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "ended with status 0"),
        (-15, "was killed by SIGTERM"),
        (-40, "was killed by signal 40"),
        (None, "ended, with an exit status that nobody knows"),
    ],
)
def test_an_exit_status_in_words(status: int | None, words: str) -> None:
    assert describe_status(status) == words
