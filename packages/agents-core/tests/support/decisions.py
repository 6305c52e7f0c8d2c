"""A worker's decisions, asked for one by one."""

from __future__ import annotations

from functools import reduce
from typing import TypeVar

from agents_core.jobs.request import Accepted
from agents_core.worker.effects import (
    Answered,
    Effect,
    Event,
    Send,
)
from agents_core.worker.messages import (
    JobAssigned,
    JobOffered,
    Registered,
    ToServer,
)
from agents_core.worker.protocol import decide
from agents_core.worker.state import Limits, State

_Found = TypeVar("_Found")
FRESH = State(limits=Limits(load_threshold=0.7, job_load=0.1, offers=4), url="ws://server")
REGISTERED = Registered(worker_id="AW_1")
OFFER = JobOffered(job_id="A", job=b"job")
ACCEPT = Answered(job_id="A", answer=Accepted(identity="agent-A", name="Ann"))
TOKEN = "t"  # noqa: S105 - opens nothing
ASSIGNMENT = JobAssigned(job_id="A", job=b"job", token=TOKEN)


def after(*events: Event, state: State = FRESH) -> State:
    """The state when all that has happened."""
    return reduce(lambda known, event: decide(known, event)[0], events, state)


def effects(state: State, event: Event) -> tuple[Effect, ...]:
    """What is to be done about an event."""
    return decide(state, event)[1]


def said(told: tuple[Effect, ...]) -> list[ToServer]:
    """What of that the server hears."""
    return [effect.message for effect in told if isinstance(effect, Send)]


def only(kind: type[_Found], told: tuple[Effect, ...]) -> list[_Found]:
    """What of that is of one kind."""
    return [effect for effect in told if isinstance(effect, kind)]


IDLE = after(REGISTERED)
RUNNING = after(REGISTERED, OFFER, ACCEPT, ASSIGNMENT)
