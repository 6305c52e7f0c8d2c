from __future__ import annotations

from dataclasses import replace

import pytest
from decisions import (
    ACCEPT,
    ASSIGNMENT,
    IDLE,
    OFFER,
    REGISTERED,
    RUNNING,
    after,
    effects,
    only,
    said,
)

from agents_core.jobs.request import Rejected
from agents_core.worker.effects import (
    Answered,
    Ask,
    AwaitAssignment,
    DrainBegun,
    Forget,
    Launch,
    Measured,
    Overdue,
    Say,
    Send,
    Stop,
)
from agents_core.worker.messages import (
    JobAnswer,
    JobOffered,
    JobStatus,
    JobTerminated,
    JobUpdate,
)
from agents_core.worker.protocol import decide
from agents_core.worker.state import State


def test_a_job_that_is_offered_is_asked_about() -> None:
    assert effects(IDLE, OFFER) == (Ask(offer=OFFER),)


def test_a_job_that_is_accepted_is_waited_for() -> None:
    told = effects(after(REGISTERED, OFFER), ACCEPT)

    answer = JobAnswer(job_id="A", available=True, name="Ann", identity="agent-A")
    assert told == (Send(message=answer), AwaitAssignment(job_id="A"))


def test_a_job_that_is_assigned_is_launched_as_it_was_accepted() -> None:
    told = effects(after(REGISTERED, OFFER, ACCEPT), ASSIGNMENT)

    [launch] = only(Launch, told)
    assert Forget(job_id="A") in told
    assert (launch.running.identity, launch.running.name) == ("agent-A", "Ann")
    assert (launch.running.worker_id, launch.running.url) == ("AW_1", "ws://server")


def test_the_servers_other_address_goes_before_ours() -> None:
    elsewhere = replace(ASSIGNMENT, url="ws://elsewhere")
    [launch] = only(Launch, effects(after(REGISTERED, OFFER, ACCEPT), elsewhere))

    assert launch.running.url == "ws://elsewhere"


@pytest.mark.parametrize(
    ("answer", "terminate"),
    [
        pytest.param(Rejected(terminate=True), True, id="rejected-for-all"),
        pytest.param(Rejected(), False, id="rejected"),
        pytest.param(None, False, id="unanswered"),
    ],
)
def test_a_job_that_is_not_accepted_is_declined(
    answer: Rejected | None, *, terminate: bool
) -> None:
    event = Answered(job_id="A", answer=answer, problem="" if answer else "no answer")
    state, told = decide(after(REGISTERED, OFFER), event)

    assert said(told) == [JobAnswer(job_id="A", available=False, terminate=terminate)]
    assert bool(only(Say, told)) is (answer is None)
    assert not state.offers


def test_only_the_first_answer_counts() -> None:
    accepted = after(REGISTERED, OFFER, ACCEPT)

    assert effects(accepted, Answered(job_id="A", answer=Rejected())) == ()
    assert effects(accepted, Answered(job_id="A", answer=None, problem="late")) == ()
    assert effects(IDLE, ACCEPT) == ()


@pytest.mark.parametrize(
    ("state", "offer"),
    [
        pytest.param(after(DrainBegun(), state=IDLE), OFFER, id="draining"),
        pytest.param(after(Measured(load=0.7), state=IDLE), OFFER, id="full"),
        pytest.param(RUNNING, OFFER, id="runs-here"),
    ],
)
def test_a_job_there_is_no_place_for_is_declined_unasked(state: State, offer: JobOffered) -> None:
    told = effects(state, offer)

    assert said(told) == [JobAnswer(job_id="A", available=False)]
    assert not only(Ask, told)


def test_a_job_that_is_offered_twice_at_once_is_asked_about_once() -> None:
    told = effects(after(REGISTERED, OFFER), OFFER)

    assert not only(Ask, told)
    assert not said(told)


def test_an_assignment_that_does_not_come_is_given_up_and_told_of() -> None:
    state, told = decide(after(REGISTERED, OFFER, ACCEPT), Overdue(job_id="A"))

    [line] = only(Say, told)
    assert type(line.error).__name__ == "AssignmentTimeoutError"
    assert not state.offers


def test_an_assignment_nobody_waits_for_is_reported_as_failed() -> None:
    late = after(REGISTERED, OFFER, ACCEPT, Overdue(job_id="A"))

    for state in (IDLE, late, after(REGISTERED, OFFER)):
        told = effects(state, ASSIGNMENT)
        [update] = said(told)
        assert isinstance(update, JobUpdate)
        assert update.status is JobStatus.FAILED
        assert not only(Launch, told)


def test_a_second_assignment_starts_no_second_process() -> None:
    told = effects(RUNNING, ASSIGNMENT)

    assert not only(Launch, told)
    assert not said(told), "the job does run here"


def test_what_was_promised_is_kept_while_draining() -> None:
    state = after(REGISTERED, OFFER, ACCEPT, DrainBegun())

    assert only(Launch, effects(state, ASSIGNMENT))


def test_what_was_not_promised_yet_is_declined_while_draining() -> None:
    told = effects(after(REGISTERED, OFFER, DrainBegun()), ACCEPT)

    assert said(told) == [JobAnswer(job_id="A", available=False)]


def test_a_termination_stops_the_job_or_forgets_the_offer() -> None:
    termination = JobTerminated(job_id="A")
    offered, told = decide(after(REGISTERED, OFFER, ACCEPT), termination)

    assert only(Stop, effects(RUNNING, termination))
    assert told == (Forget(job_id="A"),)
    assert not offered.offers
    assert not only(Stop, effects(IDLE, termination))


def test_nothing_of_a_foreign_name_can_forge_a_line_of_the_log() -> None:
    evil = "A\nCRITICAL root all is lost"
    assignment = replace(ASSIGNMENT, job_id=evil)
    lines = [
        *only(Say, effects(IDLE, assignment)),
        *only(Say, effects(IDLE, JobTerminated(job_id=evil))),
        *only(Say, effects(after(DrainBegun(), state=IDLE), replace(OFFER, job_id=evil))),
    ]

    assert len(lines) == 3
    assert not any("\n" in line.text for line in lines)
