"""The other participants of a room: waited for, or served by an entry point of their own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from agents_core.errors import AgentsError
from agents_core.jobs.callbacks import name_of
from agents_core.jobs.room import JobEndsError
from agents_core.jobs.steps import say

if TYPE_CHECKING:
    from livekit import rtc

T = TypeVar("T")
Kinds: TypeAlias = "rtc.ParticipantKind.ValueType | Collection[rtc.ParticipantKind.ValueType]"
ParticipantEntrypoint: TypeAlias = "Callable[[Any, rtc.RemoteParticipant], Awaitable[object]]"
"""Awaited with the context of the job, and the participant."""

_NO_CALLERS = frozenset({"AGENT", "BRIDGE", "EGRESS", "INGRESS"})


class FunctionExistsError(AgentsError):
    """The same function was added twice."""


async def wait_for_participant(
    room: rtc.Room, *, identity: str | None = None, kind: Kinds | None = None
) -> rtc.RemoteParticipant:
    """The first participant there is, or the next to come, of this `identity` and this `kind`.

    Without a `kind`, one that may be a caller: no agent, and nothing that records or plays.

    Raises:
        RuntimeError: the room is not connected.
        JobEndsError: it was left meanwhile.
    """

    def find() -> rtc.RemoteParticipant | None:
        for participant in room.remote_participants.values():
            if identity in {None, participant.identity} and is_of(participant, kind):
                return participant
        return None

    return await _wait_until(room, "participant_connected", find)


async def wait_for_track_publication(
    room: rtc.Room,
    *,
    identity: str | None = None,
    kind: rtc.TrackKind.ValueType | None = None,
) -> rtc.RemoteTrackPublication:
    """The first track that is published, or the next to be, by `identity` and of this `kind`.

    Raises:
        RuntimeError: the room is not connected.
        JobEndsError: it was left meanwhile.
    """

    def find() -> rtc.RemoteTrackPublication | None:
        for participant in room.remote_participants.values():
            for publication in participant.track_publications.values():
                if identity in {None, participant.identity} and kind in {None, publication.kind}:
                    return publication
        return None

    return await _wait_until(room, "track_published", find)


def is_of(participant: rtc.RemoteParticipant, kind: Kinds | None) -> bool:
    """Whether `participant` is of this kind, or of one of these; without any, may be a caller."""
    from livekit import rtc

    if kind is None:
        # By number: a kind that is newer than this SDK has no name.
        return participant.kind not in {
            number
            for name, number in rtc.ParticipantKind.items()
            if name.removeprefix("PARTICIPANT_KIND_") in _NO_CALLERS
        }
    return participant.kind in (kind if isinstance(kind, Collection) else (kind,))


class ParticipantEntrypoints:
    """Functions that are run for each participant of a room, each time in a task of its own."""

    def __init__(self, context: object) -> None:
        """`context` is what they are given before the participant."""
        self._context = context
        self._entrypoints: list[tuple[ParticipantEntrypoint, Kinds | None]] = []
        self._begun: set[tuple[ParticipantEntrypoint, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def add(self, entrypoint: ParticipantEntrypoint, kind: Kinds | None) -> None:
        """Have `entrypoint` run for each participant of this kind.

        Raises:
            FunctionExistsError: it was added before.
        """
        if any(entrypoint == known for known, _ in self._entrypoints):
            raise FunctionExistsError(f"{name_of(entrypoint)} is a participant entry point already")
        self._entrypoints.append((entrypoint, kind))

    def begin(self, participant: rtc.RemoteParticipant) -> None:
        """Run, in the event loop, those that are for this participant, and have not been."""
        for entrypoint, kind in self._entrypoints:
            once = (entrypoint, participant.sid)  # who comes back has another sid
            if not self._closed and once not in self._begun and is_of(participant, kind):
                self._begun.add(once)
                self._begin(entrypoint, participant)

    def close(self) -> None:
        """Begin no other; those that run go on. From any thread."""
        self._closed = True

    def _begin(self, entrypoint: ParticipantEntrypoint, participant: rtc.RemoteParticipant) -> None:
        name = f"{name_of(entrypoint)} for {participant.identity}"
        work = _guard(entrypoint(self._context, participant), name)
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _guard(work: Awaitable[object], name: str) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - one participant's trouble is not the others'
        say(logging.ERROR, "participant entry point %s failed", name, error=error)


async def _wait_until(
    room: rtc.Room,
    event: Literal["participant_connected", "track_published"],
    find: Callable[[], T | None],
) -> T:
    if not room.isconnected():
        raise RuntimeError(
            "the room is not connected; and a job on a console has none: see JobContext.is_fake_job"
        )
    if (found := find()) is not None:
        return found
    awaited: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def look(*_: object) -> None:
        if not awaited.done() and (found := find()) is not None:
            awaited.set_result(found)

    def lose(*_: object) -> None:
        if not awaited.done():
            awaited.set_exception(JobEndsError("the room was left while it was waited in"))

    room.on(event, look)
    room.on("disconnected", lose)
    try:
        return await awaited
    finally:
        room.off(event, look)
        room.off("disconnected", lose)
