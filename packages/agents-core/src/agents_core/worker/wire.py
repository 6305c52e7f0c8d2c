"""The agent protocol as bytes: protobufs that a server sends, and those that it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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
    Register,
    Registered,
    SimulateJob,
    ToServer,
    Unreadable,
    WorkerUpdate,
)

if TYPE_CHECKING:
    from livekit.protocol import agent

_LONGEST_ERROR = 4_000
"""Characters of a job's error that are worth sending: a server shows them on one line."""
_LONGEST_ID = 256
_LONGEST_REMARK = 200
"""Characters of what a server says for the log."""


def parse(data: bytes) -> FromServer:
    """What the server says; anything else is `Unreadable`, and never an error."""
    from google.protobuf.message import DecodeError
    from livekit.protocol import agent

    message = agent.ServerMessage()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return Unreadable(problem=f"{len(data)} bytes that are no ServerMessage")
    return _parse_message(message)


def format_message(message: ToServer) -> bytes:
    """The ``livekit.agent.WorkerMessage`` that says it."""
    return _worker_message(message).SerializeToString()


def _parse_message(message: agent.ServerMessage) -> FromServer:
    kind = message.WhichOneof("message")
    if kind not in _READERS:  # None, or of a protocol that was installed newer than this
        return Unreadable(problem="a message of a kind that this version does not know")
    return _READERS[kind](getattr(message, kind))


def _registered(response: agent.RegisterWorkerResponse) -> FromServer:
    if not _is_id(response.worker_id):
        return Unreadable(problem="a registration without a worker's id")
    info = response.server_info
    return Registered(
        worker_id=response.worker_id,
        server=f"{info.version} {info.region} {info.node_id}".strip()[:_LONGEST_REMARK],
    )


def _offered(request: agent.AvailabilityRequest) -> FromServer:
    if not _is_id(request.job.id):
        return Unreadable(problem="an offer of a job without an id")
    return JobOffered(
        job_id=request.job.id,
        job=request.job.SerializeToString(),
        room=request.job.room.name,
        resuming=request.resuming,
    )


def _assigned(assignment: agent.JobAssignment) -> FromServer:
    if not _is_id(assignment.job.id):
        return Unreadable(problem="an assignment of a job without an id")
    return JobAssigned(
        job_id=assignment.job.id,
        job=assignment.job.SerializeToString(),
        token=assignment.token,
        url=assignment.url,
    )


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID


def _terminated(termination: agent.JobTermination) -> FromServer:
    return JobTerminated(job_id=termination.job_id)


def _pong(pong: agent.WorkerPong) -> FromServer:
    return Pong(last_timestamp=pong.last_timestamp)


def _go_away(go_away: agent.AgentHttp.GoAway) -> FromServer:
    return GoAway(reason=go_away.reason[:_LONGEST_REMARK])


_READERS: dict[str, Callable[[Any], FromServer]] = {
    "register": _registered,
    "availability": _offered,
    "assignment": _assigned,
    "termination": _terminated,
    "pong": _pong,
    "go_away": _go_away,
}


def _worker_message(message: ToServer) -> agent.WorkerMessage:
    from livekit.protocol import agent

    said = agent.WorkerMessage()
    match message:
        case Register():
            said.register.CopyFrom(_register(message))
        case JobAnswer():
            said.availability.CopyFrom(_answer(message))
        case WorkerUpdate():
            said.update_worker.CopyFrom(_worker_update(message))
        case JobUpdate():
            said.update_job.CopyFrom(_job_update(message))
        case Ping(timestamp=timestamp):
            said.ping.timestamp = timestamp
        case MigrateJobs(job_ids=job_ids):
            said.migrate_job.job_ids.extend(job_ids)
        case SimulateJob():
            said.simulate_job.CopyFrom(_simulate(message))
    return said


def _register(message: Register) -> agent.RegisterWorkerRequest:
    from livekit.protocol import agent, models

    permissions = models.ParticipantPermission(agent=True, can_publish_sources=message.sources)
    for name, allowed in message.permissions:
        setattr(permissions, name, allowed)
    return agent.RegisterWorkerRequest(
        type=message.worker_type,
        agent_name=message.agent_name,
        version=message.version,
        ping_interval=message.ping_interval,
        allowed_permissions=permissions,
    )


def _answer(message: JobAnswer) -> agent.AvailabilityResponse:
    from livekit.protocol import agent

    return agent.AvailabilityResponse(
        job_id=message.job_id,
        available=message.available,
        terminate=message.terminate,
        participant_name=message.name,
        participant_identity=message.identity,
        participant_metadata=message.metadata,
        participant_attributes=dict(message.attributes),
    )


def _worker_update(message: WorkerUpdate) -> agent.UpdateWorkerStatus:
    from livekit.protocol import agent

    status = agent.WS_AVAILABLE if message.available else agent.WS_FULL
    return agent.UpdateWorkerStatus(
        status=status, load=message.load, job_count=message.job_count, draining=message.draining
    )


def _job_update(message: JobUpdate) -> agent.UpdateJobStatus:
    from livekit.protocol import agent

    statuses = {
        JobStatus.RUNNING: agent.JS_RUNNING,
        JobStatus.SUCCESS: agent.JS_SUCCESS,
        JobStatus.FAILED: agent.JS_FAILED,
    }
    return agent.UpdateJobStatus(
        job_id=message.job_id,
        status=statuses[message.status],
        # What a job raised may hold characters that UTF-8 cannot spell, and the report must leave.
        error=message.error[:_LONGEST_ERROR].encode(errors="replace").decode(),
    )


def _simulate(message: SimulateJob) -> agent.SimulateJobRequest:
    from livekit.protocol import agent, models

    request = agent.SimulateJobRequest(room=models.Room(name=message.room))
    if message.participant:
        request.type = agent.JT_PUBLISHER
        request.participant.identity = message.participant
    return request
