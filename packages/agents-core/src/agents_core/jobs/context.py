"""What the code of a job has to work with: its room, its job, and the way to end it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from agents_core.jobs import participants
from agents_core.jobs.callbacks import Callback
from agents_core.jobs.credentials import Credentials
from agents_core.jobs.current import get_job_context, set_job_context
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.participants import (
    FunctionExistsError,
    Kinds,
    ParticipantEntrypoint,
    ParticipantEntrypoints,
)
from agents_core.jobs.process import JobProcess
from agents_core.jobs.room import AutoSubscribe, JobEndsError, JobRoom
from agents_core.jobs.server_api import ServerAPI
from agents_core.jobs.shutdown import Shutdown

if TYPE_CHECKING:
    from livekit import rtc
    from livekit.api import LiveKitAPI
    from livekit.protocol import agent

__all__ = [
    "AutoSubscribe",
    "FunctionExistsError",
    "JobContext",
    "JobEndsError",
    "get_job_context",
]

_logger = logging.getLogger("agents_core.jobs")

Host: TypeAlias = Callable[[Any], object]
"""Called with each session of the job that starts, before it listens: whatever it hears, says and
shows is the host's to set."""

CONNECT_WARNING = 10.0
"""Seconds after which a job that has not joined its room is warned of: the caller hears nothing."""


class JobContext:
    """One job. Made by the job process, and given to the entry point."""

    def __init__(
        self,
        *,
        running: RunningJob,
        proc: JobProcess,
        shutdown: Shutdown,
        host: Host | None = None,
    ) -> None:
        """In the job's event loop; with a `host`, its sessions take no part in its room.

        Raises:
            google.protobuf.message.DecodeError: `running.job` is no job.
        """
        from livekit.protocol import agent

        self._running = running
        self._proc = proc
        self._shutdown = shutdown
        self._host = host
        self._job = agent.Job.FromString(running.job)
        self._room = JobRoom(shutdown)
        self._participants = ParticipantEntrypoints(self)
        self._api = ServerAPI(self.credentials)
        self._log_fields: dict[str, Any] = {"job_id": self._job.id, "room": self._job.room.name}
        self._warning = asyncio.get_running_loop().call_later(CONNECT_WARNING, self._warn)

    @property
    def proc(self) -> JobProcess:
        """The process of this job, with what prewarm prepared in its `userdata`."""
        return self._proc

    @property
    def job(self) -> agent.Job:
        """The job as the server assigned it."""
        return self._job

    @property
    def worker_id(self) -> str:
        """The server's id of the worker that took the job."""
        return self._running.worker_id

    @property
    def credentials(self) -> Credentials:
        """Of the job's server, as the worker has them; empty where no server assigned the job."""
        known = self._running
        return Credentials(url=known.url, api_key=known.api_key, api_secret=known.api_secret)

    @property
    def room(self) -> rtc.Room:
        """The room; not connected before `connect` is awaited."""
        return self._room.room

    @property
    def agent(self) -> rtc.LocalParticipant:
        """This job's own participant, once the room is connected."""
        return self.room.local_participant

    @property
    def is_fake_job(self) -> bool:
        """Whether no server assigned it: it was started from a console, or simulated."""
        return self._running.fake

    @property
    def log_context_fields(self) -> dict[str, Any]:
        """Fields that every log record of this process is sent with; add to them as you like."""
        return self._log_fields

    @property
    def api(self) -> LiveKitAPI:
        """The server's API, by `credentials`, or by the environment; closed with the job.

        Raises:
            MissingCredentialsError: they are in neither.
        """
        return self._api.open()

    async def connect(
        self,
        *,
        e2ee: rtc.E2EEOptions | None = None,
        auto_subscribe: AutoSubscribe = AutoSubscribe.SUBSCRIBE_ALL,
        rtc_config: rtc.RtcConfiguration | None = None,
    ) -> None:
        """Join the room of the job; a second call changes nothing.

        A fake job without a server has no room to join: then nothing happens.

        Raises:
            JobEndsError: the job is ending.
            livekit.rtc.ConnectError: the server cannot be reached, or does not let us in.
        """
        self._warning.cancel()
        if self.is_fake_job and not self._running.url:
            return
        from livekit import rtc

        self.room.on("participant_connected", self._participants.begin)
        options = rtc.RoomOptions(encryption=e2ee, rtc_config=rtc_config)
        await self._room.connect(
            self._running.url, self._running.token, options, AutoSubscribe(auto_subscribe)
        )
        self._begin_participants()

    async def wait_for_participant(
        self, *, identity: str | None = None, kind: Kinds | None = None
    ) -> rtc.RemoteParticipant:
        """The first participant there is, or the next to come, of this `identity` and this `kind`.

        Without a `kind`, one that may be a caller: no agent, and nothing that records or plays.

        Raises:
            RuntimeError: the room is not connected.
            JobEndsError: it was left meanwhile.
        """
        return await participants.wait_for_participant(self.room, identity=identity, kind=kind)

    async def wait_for_track_publication(
        self, *, identity: str | None = None, kind: rtc.TrackKind.ValueType | None = None
    ) -> rtc.RemoteTrackPublication:
        """The first track that is published, or the next to be, by `identity` and of this `kind`.

        Raises:
            RuntimeError: the room is not connected.
            JobEndsError: it was left meanwhile.
        """
        return await participants.wait_for_track_publication(
            self.room, identity=identity, kind=kind
        )

    def add_participant_entrypoint(
        self, entrypoint: ParticipantEntrypoint, *, kind: Kinds | None = None
    ) -> None:
        """Have ``entrypoint(context, participant)`` run for each participant, there or to come.

        Without a `kind`, for each who may be a caller. One that raises is logged, and ends nothing
        but itself; those that still run when the job is over are cancelled with its other tasks.

        Raises:
            FunctionExistsError: it was added before.
        """
        self._participants.add(entrypoint, kind)
        self._begin_participants()

    def add_shutdown_callback(self, callback: Callback) -> None:
        """Have `callback` called once the room is left, with the reason if it takes an argument.

        All of them are called at the same time; `Deadlines.callbacks` is how long they have.

        Raises:
            RuntimeError: they have been called already.
        """
        self._shutdown.add_callback(callback)

    def register_session(self, close: Callable[[str], Awaitable[object]]) -> Callable[[], None]:
        """Have ``close(reason)`` awaited when the job ends, before its room is left.

        Returns a function that takes it back, for a session that was closed before.

        Raises:
            RuntimeError: the job is ending, and its sessions are closed already.
        """
        return self._shutdown.add_session(close)

    def host_session(self, session: object) -> bool:
        """Let the job's host have the session; False where there is none, and it is the room's."""
        if self._host is None:
            return False
        self._host(session)
        return True

    def shutdown(self, reason: str = "") -> None:
        """End the job; returns at once, from any thread. A second call changes nothing."""
        self._shutdown.begin(str(reason) or "the job asked for it")

    def enter(self) -> None:
        """Make this the job of the calling code, of the tasks it starts, and of the shutdown."""
        set_job_context(self)
        self._shutdown.adopt_context()

    def close(self) -> None:
        """Begin nothing any more; from any thread."""
        self._participants.close()

    def _begin_participants(self) -> None:
        if self._room.connected:
            for participant in tuple(self.room.remote_participants.values()):
                self._participants.begin(participant)

    def _warn(self) -> None:
        if not (self._shutdown.begun or self._room.connected or self._host):
            _logger.warning(
                "the job has not joined its room in %.0f s: does its entry point await "
                "JobContext.connect()?",
                CONNECT_WARNING,
            )
