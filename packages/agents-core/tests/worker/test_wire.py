from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import agent, models

from agents_core.worker import wire
from agents_core.worker.messages import (
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
    Register,
    Registered,
    SimulateJob,
    ToServer,
    Unreadable,
    WorkerUpdate,
)
from agents_core.worker.wire import format_message, parse

JOB = agent.Job(id="AJ_1", room=models.Room(name="lobby"), metadata="{}")
TOKEN = "hush"  # noqa: S105 - opens nothing


def said(message: ToServer) -> agent.WorkerMessage:
    return agent.WorkerMessage.FromString(format_message(message))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            agent.ServerMessage(
                register=agent.RegisterWorkerResponse(
                    worker_id="AW_1", server_info=models.ServerInfo(version="1.9", node_id="ND")
                )
            ),
            Registered(worker_id="AW_1", server="1.9  ND"),
            id="register",
        ),
        pytest.param(
            agent.ServerMessage(availability=agent.AvailabilityRequest(job=JOB, resuming=True)),
            JobOffered(job_id="AJ_1", job=JOB.SerializeToString(), room="lobby", resuming=True),
            id="availability",
        ),
        pytest.param(
            agent.ServerMessage(
                assignment=agent.JobAssignment(job=JOB, url="ws://other", token=TOKEN)
            ),
            JobAssigned(job_id="AJ_1", job=JOB.SerializeToString(), token=TOKEN, url="ws://other"),
            id="assignment",
        ),
        pytest.param(
            agent.ServerMessage(termination=agent.JobTermination(job_id="AJ_1")),
            JobTerminated(job_id="AJ_1"),
            id="termination",
        ),
        pytest.param(
            agent.ServerMessage(pong=agent.WorkerPong(last_timestamp=7, timestamp=8)),
            Pong(last_timestamp=7),
            id="pong",
        ),
        pytest.param(
            agent.ServerMessage(go_away=agent.AgentHttp.GoAway(reason="deploy")),
            GoAway(reason="deploy"),
            id="go-away",
        ),
    ],
)
def test_what_a_server_says_is_read(message: agent.ServerMessage, expected: object) -> None:
    assert parse(message.SerializeToString()) == expected


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(agent.ServerMessage(), id="nothing"),
        pytest.param(agent.ServerMessage(register={}), id="no-worker-id"),
        pytest.param(agent.ServerMessage(availability={"job": {}}), id="no-job-id"),
        pytest.param(agent.ServerMessage(assignment={}), id="no-job"),
        pytest.param(
            agent.ServerMessage(availability={"job": {"id": "x" * 257}}), id="endless-job-id"
        ),
    ],
)
def test_what_no_server_says_is_not_believed(message: agent.ServerMessage) -> None:
    assert isinstance(parse(message.SerializeToString()), Unreadable)


@pytest.mark.property
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    parse(data)


def test_a_field_of_a_newer_protocol_is_no_reason_to_fail() -> None:
    newer = b"\xfa\x3f\x03new"  # field 1023, which nobody knows

    assert isinstance(parse(newer), Unreadable)
    pong = agent.ServerMessage(pong=agent.WorkerPong(last_timestamp=7)).SerializeToString()
    assert parse(pong + newer) == Pong(last_timestamp=7)


def test_a_worker_introduces_itself() -> None:
    message = said(
        Register(
            worker_type="JT_PUBLISHER",
            agent_name="ann",
            version="1",
            ping_interval=5,
            permissions=(("can_publish", True), ("hidden", True)),
            sources=("MICROPHONE",),
        )
    ).register

    assert message.type == agent.JT_PUBLISHER
    assert (message.agent_name, message.version, message.ping_interval) == ("ann", "1", 5)
    allowed = message.allowed_permissions
    assert allowed.agent and allowed.can_publish and allowed.hidden  # noqa: PT018 - one sentence
    assert not allowed.can_subscribe
    assert list(allowed.can_publish_sources) == [models.TrackSource.MICROPHONE]


def test_an_answer_says_as_whom_the_agent_comes() -> None:
    answer = said(
        JobAnswer(
            job_id="AJ_1",
            available=True,
            name="Ann",
            identity="agent-1",
            metadata="m",
            attributes=(("a", "b"),),
        )
    ).availability

    assert answer == agent.AvailabilityResponse(
        job_id="AJ_1",
        available=True,
        participant_name="Ann",
        participant_identity="agent-1",
        participant_metadata="m",
        participant_attributes={"a": "b"},
    )


def test_reports_say_how_it_goes() -> None:
    worker = said(WorkerUpdate(available=False, load=0.5, job_count=3, draining=True))
    job = said(JobUpdate(job_id="AJ_1", status=JobStatus.FAILED, error="why"))

    assert worker.update_worker == agent.UpdateWorkerStatus(
        status=agent.WS_FULL, load=0.5, job_count=3, draining=True
    )
    assert job.update_job == agent.UpdateJobStatus(
        job_id="AJ_1", status=agent.JS_FAILED, error="why"
    )


def test_every_status_of_a_job_has_a_name_in_the_protocol() -> None:
    update = JobUpdate(job_id="AJ_1", status=JobStatus.RUNNING)
    statuses = [said(replace(update, status=status)).update_job.status for status in JobStatus]

    assert statuses == [agent.JS_RUNNING, agent.JS_SUCCESS, agent.JS_FAILED]


def test_an_error_that_cannot_be_spelled_or_is_endless_is_reported_all_the_same() -> None:
    error = "\ud800" + "x" * 10_000

    update = said(JobUpdate(job_id="AJ_1", status=JobStatus.FAILED, error=error)).update_job

    assert update.error.startswith("?xxx")
    assert len(update.error) < 5_000


def test_the_rest_of_the_protocol_is_spoken() -> None:
    assert said(Ping(timestamp=5)).ping.timestamp == 5
    assert list(said(MigrateJobs(job_ids=("a", "b"))).migrate_job.job_ids) == ["a", "b"]
    simulated = said(SimulateJob(room="lobby", participant="guest")).simulate_job
    assert (simulated.room.name, simulated.participant.identity) == ("lobby", "guest")
    assert simulated.type == agent.JT_PUBLISHER
    assert not said(SimulateJob(room="lobby")).simulate_job.HasField("participant")


def test_a_token_is_in_no_repr() -> None:
    assert TOKEN not in repr(JobAssigned(job_id="AJ_1", job=b"", token=TOKEN))


def test_a_kind_that_only_the_installed_protocol_knows_is_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(wire._READERS, "go_away")
    message = agent.ServerMessage(go_away=agent.AgentHttp.GoAway(reason="bye"))

    assert isinstance(parse(message.SerializeToString()), Unreadable)
