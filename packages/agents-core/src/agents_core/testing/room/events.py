"""What happened in the stand-in server, when, and to whom."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from agents_core.errors import AgentsError


class NotSeen(AgentsError):
    """What a test waited for did not happen in time; the message tells what did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the server saw or did.

    ==================== ==========================================================================
    event                facts
    ==================== ==========================================================================
    listening            url
    refused              status (of HTTP), why
    room_created         sid
    room_closed          everybody has left
    room_deleted         somebody had it deleted
    joined               sid, kind (standard, agent, …)
    connected, failed    what became of the client's peer connection
    leave                reason: what the client said, in its LeaveRequest
    left                 reason: what the others were told
    closed               clean, code: of the close frame (1005: it had none; 1006: there was none)
    track_published      track, kind, name, source; likewise track_unpublished, _muted, _unmuted
    media                track, kind: the first frame of it came
    worker_registered    worker, agent_name, type, version
    worker_status        worker, status, load, jobs
    worker_closed        worker, code
    job_offered          job, worker; likewise job_refused (with terminate), job_assigned
    job_terminated       job: its worker was told to end it
    job_status           job, worker, status (running, success, failed, …), error
    jobs_migrated        worker, jobs: it wants to be rid of them
    undispatched         why: nobody took a job that nobody waits for
    ==================== ==========================================================================

    Attributes:
        event: what, as in the table.
        at: seconds of `time.monotonic`, a clock that all processes of a machine share.
        identity: the participant concerned, where there is one.
        room: the room concerned, where there is one.
        facts: what else there is to say; plain values.
    """

    event: str
    at: float
    identity: str | None
    room: str | None
    facts: dict[str, Any]

    def __getitem__(self, fact: str) -> Any:  # noqa: ANN401 - facts are plain values of many kinds
        """One of the facts."""
        return self.facts[fact]

    def as_dict(self) -> dict[str, Any]:
        """One flat mapping, ready for JSON."""
        told: dict[str, Any] = asdict(self)
        facts: dict[str, Any] = told.pop("facts")
        return told | facts


class News:
    """A bell: whoever waits is woken when it is next rung."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        for one in self._waiting:
            if not one.done():
                one.set_result(None)
        self._waiting.clear()

    async def wait(self) -> None:
        """Wait until it is rung."""
        one = asyncio.get_running_loop().create_future()
        self._waiting.add(one)
        try:
            await one
        finally:
            self._waiting.discard(one)


class EventLog:
    """All events so far, and a place to wait for more."""

    def __init__(self, hear: Callable[[Event], object] | None = None) -> None:
        self._events: list[Event] = []
        self._hear = hear
        self._news = News()

    def say(
        self, event: str, identity: str | None = None, room: str | None = None, **facts: object
    ) -> None:
        """Add an event, and wake whoever waits for it."""
        said = Event(event=event, at=time.monotonic(), identity=identity, room=room, facts=facts)
        self._events.append(said)
        if self._hear is not None:
            self._hear(said)
        self._news.ring()

    def seen(
        self, event: str | None = None, identity: str | None = None, **facts: object
    ) -> tuple[Event, ...]:
        """The events so far, in order; those of one kind, participant, or with the given facts."""
        return tuple(said for said in self._events if matches(said, event, identity, facts))

    async def wait_for(
        self, event: str, identity: str | None = None, *, within: float = 10.0, **facts: object
    ) -> Event:
        """The first such event, of the past or of the next `within` seconds.

        Raises:
            NotSeen: there was none.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := self.seen(event, identity, **facts)):
                    await self._news.wait()
        except TimeoutError:
            said = ", ".join(f"{past.event} {past.identity or ''}".strip() for past in self._events)
            raise NotSeen(
                f"no {event!r} of {identity!r} with {facts} in {within} s; there were: {said}"
            ) from None
        return found[0]


def matches(said: Event, event: str | None, identity: str | None, facts: dict[str, object]) -> bool:
    """Whether an event is of that kind, if one is named, of that participant, with those facts."""
    return (
        event in {None, said.event}
        and identity in {None, said.identity}
        and all(said.facts.get(name) == value for name, value in facts.items())
    )
