"""A job on offer: what it is about, and the one answer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from livekit.protocol import agent, models


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The worker would run the job, as this participant."""

    identity: str
    name: str = ""
    metadata: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The worker would not; `terminate` says that no other worker should be asked."""

    terminate: bool = False


Answer: TypeAlias = Accepted | Rejected


class JobRequest:
    """What `request_fnc` is asked about; it calls `accept` or `reject`, once, and in time.

    A request without an answer is rejected for it, and the server asks another worker.
    """

    def __init__(self, job: bytes, *, answer: Callable[[Answer], object]) -> None:
        from livekit.protocol import agent

        self._job = agent.Job.FromString(job)
        self._answer = answer
        self._answered = False

    @property
    def id(self) -> str:
        """Of the job."""
        return self._job.id

    @property
    def job(self) -> agent.Job:
        """The job as the server describes it."""
        return self._job

    @property
    def room(self) -> models.Room:
        """The room that the job is about."""
        return self._job.room

    @property
    def publisher(self) -> models.ParticipantInfo | None:
        """The participant that the job is about, for a worker of type publisher."""
        return self._job.participant if self._job.HasField("participant") else None

    @property
    def agent_name(self) -> str:
        """The name by which the agent was asked for; empty where any agent would do."""
        return self._job.agent_name

    async def accept(
        self,
        *,
        name: str = "",
        identity: str = "",
        metadata: str = "",
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        """Offer to run the job; it starts when the server assigns it.

        Args:
            name: that other participants see.
            identity: of the agent in the room; ``agent-<job id>`` by default.
            metadata: of the agent's participant.
            attributes: likewise.

        Raises:
            RuntimeError: the request has been answered already.
            TypeError: one of them is no text.
            ValueError: one of them holds characters that UTF-8 cannot spell.
        """
        pairs = tuple((attributes or {}).items())
        _check(name, identity, metadata, *(text for pair in pairs for text in pair))
        self._say(
            Accepted(
                identity=identity or f"agent-{self.id}",
                name=name,
                metadata=metadata,
                attributes=pairs,
            )
        )

    async def reject(self, *, terminate: bool = True) -> None:
        """Decline the job: for every worker, or only for this one with ``terminate=False``.

        Raises:
            RuntimeError: the request has been answered already.
        """
        self._say(Rejected(terminate=terminate))

    def _say(self, answer: Answer) -> None:
        if self._answered:
            raise RuntimeError(f"the request for job {self.id!r} has been answered already")
        self._answered = True
        self._answer(answer)

    def __repr__(self) -> str:
        return f"<JobRequest {self.id!r}, room {self.room.name!r}>"


def _check(*texts: str) -> None:
    # Here, where it is the error of whoever wrote it; on its way to the server it would be one of
    # the worker, and cost all its jobs.
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"a job is accepted with texts alone, not {type(text).__name__}")
        text.encode()
