from __future__ import annotations

from typing import get_args

import pytest
from decisions import (
    ACCEPT,
    FRESH,
    IDLE,
    OFFER,
    REGISTERED,
    RUNNING,
    TOKEN,
    after,
    effects,
    only,
    said,
)
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agents_core.jobs.request import Accepted, Rejected
from agents_core.worker import protocol
from agents_core.worker.effects import (
    Answered,
    Ask,
    AwaitAssignment,
    DrainBegun,
    Effect,
    Event,
    Forget,
    JobChanged,
    Launch,
    Lost,
    Measured,
    Overdue,
    PingDue,
    Reconnect,
    Say,
    Stop,
)
from agents_core.worker.messages import (
    FromServer,
    GoAway,
    JobAnswer,
    JobAssigned,
    JobOffered,
    JobStatus,
    JobTerminated,
    JobUpdate,
    MigrateJobs,
    Ping,
    Pong,
    Registered,
    Unreadable,
    WorkerUpdate,
)
from agents_core.worker.protocol import decide


def test_there_is_a_decision_for_everything_that_can_happen() -> None:
    possible = {*get_args(FromServer), *get_args(Event)}

    assert possible == set(protocol._DECISIONS)


def test_the_server_hears_when_a_job_begins_and_ends() -> None:
    begun = JobChanged(job_id="A", status=JobStatus.RUNNING)
    ended = JobChanged(job_id="A", status=JobStatus.FAILED, error="SIGSEGV")

    state, told = decide(RUNNING, begun)
    assert said(told) == [JobUpdate(job_id="A", status=JobStatus.RUNNING)]
    state, told = decide(state, ended)
    assert said(told) == [JobUpdate(job_id="A", status=JobStatus.FAILED, error="SIGSEGV")]
    assert not state.jobs
    assert effects(state, ended) == (), "a job ends once"


def test_a_report_is_said_again_until_a_pong_proves_that_it_was_read() -> None:
    ended = after(JobChanged(job_id="A", status=JobStatus.SUCCESS), state=RUNNING)
    report = JobUpdate(job_id="A", status=JobStatus.SUCCESS)

    early = after(PingDue(timestamp=5), Pong(last_timestamp=4), Lost(), state=ended)
    proved = after(PingDue(timestamp=5), Pong(last_timestamp=5), Lost(), state=ended)

    assert report in said(effects(early, REGISTERED))
    assert report not in said(effects(proved, REGISTERED))


def test_the_pong_of_a_lost_connection_proves_nothing_about_the_next_one() -> None:
    ended = after(JobChanged(job_id="A", status=JobStatus.SUCCESS), state=RUNNING)
    again = after(PingDue(timestamp=5), Lost(), REGISTERED, Pong(last_timestamp=5), state=ended)

    assert again.unconfirmed


def test_a_job_that_ends_while_nobody_listens_is_reported_later() -> None:
    state, told = decide(
        after(Lost(), state=RUNNING), JobChanged(job_id="A", status=JobStatus.SUCCESS)
    )

    assert told == ()
    assert JobUpdate(job_id="A", status=JobStatus.SUCCESS) in said(effects(state, REGISTERED))


def test_of_each_job_only_the_newest_report_is_kept() -> None:
    begun = JobChanged(job_id="A", status=JobStatus.RUNNING)
    ended = JobChanged(job_id="A", status=JobStatus.SUCCESS)

    state = after(Lost(), begun, ended, state=RUNNING)

    updates = [
        update for update in said(effects(state, REGISTERED)) if isinstance(update, JobUpdate)
    ]
    assert [update.status for update in updates] == [JobStatus.SUCCESS]


def test_jobs_go_on_over_a_new_connection_and_the_server_is_told_so_first() -> None:
    state, told = decide(after(Lost(), state=RUNNING), Registered(worker_id="AW_2"))

    messages = said(told)
    assert messages[0] == MigrateJobs(job_ids=("A",))
    assert isinstance(messages[-1], WorkerUpdate)
    assert messages[-1].job_count == 1
    assert state.worker_id == "AW_2"


def test_offers_die_with_their_connection() -> None:
    state, told = decide(after(REGISTERED, OFFER, ACCEPT), Lost())

    assert told == (Forget(job_id="A"),)
    assert not state.offers


def test_a_server_that_did_not_see_us_drain_is_told_when_it_is_back() -> None:
    draining = after(Lost(), DrainBegun(), state=IDLE)

    assert said(effects(draining, REGISTERED)) == [
        WorkerUpdate(available=False, load=0, job_count=0, draining=True)
    ]


def test_draining_is_said_at_once_and_once() -> None:
    state, told = decide(IDLE, DrainBegun())

    assert said(told) == [WorkerUpdate(available=False, load=0, job_count=0, draining=True)]
    assert effects(state, DrainBegun()) == ()


def test_the_load_is_reported_and_a_change_is_logged() -> None:
    quiet = effects(IDLE, Measured(load=0.5))
    full = effects(IDLE, Measured(load=0.9))

    assert said(quiet) == [WorkerUpdate(available=True, load=0.5, job_count=0)]
    assert said(full) == [WorkerUpdate(available=False, load=0.9, job_count=0)]
    assert (len(only(Say, quiet)), len(only(Say, full))) == (0, 1)


def test_what_is_not_understood_is_logged_and_survived() -> None:
    state, told = decide(IDLE, Unreadable(problem="nonsense"))

    assert state == IDLE
    assert "nonsense" in only(Say, told)[0].text


def test_a_server_that_wants_to_go_is_let_go() -> None:
    assert "deploy" in only(Reconnect, effects(IDLE, GoAway(reason="deploy")))[0].reason


JOBS = st.sampled_from("ABCDEF")
LOADS = st.floats(0, 1)
ANSWERS = st.one_of(
    st.none(), st.builds(Rejected, terminate=st.booleans()), st.just(Accepted(identity="agent"))
)


@pytest.mark.property
class Conversation(RuleBasedStateMachine):
    """A worker, a server that says anything at any time, and users who answer as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.state = FRESH
        self.connected = False
        self.clock = 0
        self.asked: dict[str, bool] = {}  # on offer, and whether it was accepted
        self.ended: dict[str, JobUpdate] = {}  # reports that no pong has proved yet
        self.pinged: dict[int, list[str]] = {}

    def happen(self, event: Event) -> tuple[Effect, ...]:
        self.state, told = decide(self.state, event)
        assert self.connected or not said(told), "nobody is there to hear it"
        for message in said(told):
            if isinstance(message, JobAnswer) and message.available:
                assert not self.state.draining
        for forgotten in only(Forget, told):
            self.asked.pop(forgotten.job_id, None)
        return told

    @precondition(lambda self: not self.connected)
    @rule()
    def register(self) -> None:
        self.connected = True
        self.pinged.clear()
        told = said(self.happen(REGISTERED))

        migrated = [message for message in told if isinstance(message, MigrateJobs)]
        assert [set(message.job_ids) for message in migrated] == (
            [set(self.state.jobs)] if self.state.jobs else []
        )
        assert all(update in told for update in self.ended.values()), "a report was lost"

    @precondition(lambda self: self.connected)
    @rule()
    def lose(self) -> None:
        self.connected = False
        self.happen(Lost())
        assert not self.asked, "a question to nobody"

    @precondition(lambda self: self.connected)
    @rule(job_id=JOBS)
    def offer(self, job_id: str) -> None:
        told = self.happen(JobOffered(job_id=job_id, job=b""))

        answers = [message for message in said(told) if isinstance(message, JobAnswer)]
        if job_id not in self.asked:
            assert len(answers) + len(only(Ask, told)) == 1, "neither asked about nor declined"
        if only(Ask, told):
            self.asked[job_id] = False

    @rule(job_id=JOBS, answer=ANSWERS)
    def answer(self, job_id: str, answer: Accepted | Rejected | None) -> None:
        undecided = self.asked.get(job_id) is False
        told = self.happen(Answered(job_id=job_id, answer=answer))

        answers = [message for message in said(told) if isinstance(message, JobAnswer)]
        assert len(answers) == undecided, "an offer is answered once"
        if undecided:
            assert answers[0].available is bool(only(AwaitAssignment, told))
            if answers[0].available:
                self.asked[job_id] = True
            else:
                del self.asked[job_id]

    @precondition(lambda self: self.connected)
    @rule(job_id=JOBS)
    def assign(self, job_id: str) -> None:
        expected, ran = bool(self.asked.get(job_id)), job_id in self.state.jobs
        told = self.happen(JobAssigned(job_id=job_id, job=b"", token=TOKEN))

        assert bool(only(Launch, told)) is expected, "launched is what was accepted"
        if expected:
            self.ended.pop(job_id, None)
        elif not ran:
            assert [type(message) for message in said(told)] == [JobUpdate]

    @precondition(lambda self: self.connected)
    @rule(job_id=JOBS)
    def terminate(self, job_id: str) -> None:
        told = self.happen(JobTerminated(job_id=job_id))

        assert bool(only(Stop, told)) is (job_id in self.state.jobs)

    @rule(job_id=JOBS)
    def assignment_is_overdue(self, job_id: str) -> None:
        if self.asked.get(job_id):
            self.happen(Overdue(job_id=job_id))
            del self.asked[job_id]

    @rule(job_id=JOBS, status=st.sampled_from(JobStatus))
    def change(self, job_id: str, status: JobStatus) -> None:
        ran = job_id in self.state.jobs
        told = self.happen(JobChanged(job_id=job_id, status=status))

        assert len(said(told)) == (ran and self.connected)
        if ran:
            self.ended[job_id] = JobUpdate(job_id=job_id, status=status)
            for proved in self.pinged.values():
                if job_id in proved:
                    proved.remove(job_id)

    @precondition(lambda self: self.connected)
    @rule()
    def ping(self) -> None:
        self.clock += 1
        assert said(self.happen(PingDue(timestamp=self.clock))) == [Ping(timestamp=self.clock)]
        self.pinged[self.clock] = list(self.ended)

    @precondition(lambda self: self.connected)
    @rule(timestamp=st.integers(0, 99))
    def pong(self, timestamp: int) -> None:
        self.happen(Pong(last_timestamp=timestamp))
        for ping, reports in self.pinged.items():
            if ping <= timestamp:
                for job_id in reports:
                    self.ended.pop(job_id, None)

    @rule(load=LOADS)
    def measure(self, load: float) -> None:
        assert len(said(self.happen(Measured(load=load)))) == self.connected

    @rule()
    def drain(self) -> None:
        self.happen(DrainBegun())

    @rule(event=st.sampled_from([GoAway(reason="r"), Unreadable(problem="p")]))
    def hear_nonsense(self, event: Event) -> None:
        if self.connected:
            assert not said(self.happen(event))

    @invariant()
    def offers_are_bounded_and_known(self) -> None:
        assert len(self.state.offers) <= self.state.limits.offers
        assert set(self.state.offers) == set(self.asked)
        assert not self.state.jobs & set(self.state.offers)

    @invariant()
    def no_report_is_forgotten(self) -> None:
        kept = {job_id: kept.update for job_id, kept in self.state.unconfirmed.items()}
        assert kept == self.ended


TestConversation = Conversation.TestCase
