"""What a worker decides about jobs on offer: whom it asks, what it promises, and what it gets."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TypeAlias

from agents_core.errors import AssignmentTimeoutError
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.request import Accepted, Rejected
from agents_core.worker.effects import (
    Answered,
    Ask,
    AwaitAssignment,
    Effect,
    Forget,
    Launch,
    Overdue,
    Say,
    Send,
    Stop,
)
from agents_core.worker.messages import (
    JobAnswer,
    JobAssigned,
    JobOffered,
    JobStatus,
    JobTerminated,
    JobUpdate,
)
from agents_core.worker.state import Offer, State

Decision: TypeAlias = tuple[State, tuple[Effect, ...]]


def offered(state: State, offer: JobOffered) -> Decision:
    """The server asks: would you run this job?"""
    if offer.job_id in state.offers:
        return state, (warn(f"job {offer.job_id!r} is offered twice at the same time"),)
    if problem := _refusal(state, offer):
        said = Say(level=logging.INFO, text=f"job {offer.job_id!r} is not for us: {problem}")
        return state, (said, Send(message=JobAnswer(job_id=offer.job_id, available=False)))
    asked = replace(state, offers={**state.offers, offer.job_id: Offer(offered=offer)})
    return asked, (Ask(offer=offer),)


def _refusal(state: State, offer: JobOffered) -> str:
    if offer.job_id in state.jobs:
        return "it runs here already"
    if state.draining:
        return "the worker is draining"
    if not state.available:
        return f"the worker is full (load {state.expected:.2f}, {len(state.offers)} other offers)"
    return ""


def answered(state: State, event: Answered) -> Decision:
    """`request_fnc` has decided, or has not."""
    offer = state.offers.get(event.job_id)
    if offer is None or offer.accepted is not None:
        return state, ()
    if isinstance(event.answer, Accepted) and not state.draining:
        return _accepted(state, offer, event.answer)
    terminate = isinstance(event.answer, Rejected) and event.answer.terminate
    answer = JobAnswer(job_id=event.job_id, available=False, terminate=terminate)
    complaint = (warn(f"job {event.job_id!r} is rejected: {event.problem}"),) * bool(event.problem)
    return _without_offer(state, event.job_id), (*complaint, Send(message=answer))


def _accepted(state: State, offer: Offer, accepted: Accepted) -> Decision:
    job_id = offer.offered.job_id
    waiting = replace(state, offers={**state.offers, job_id: replace(offer, accepted=accepted)})
    answer = JobAnswer(
        job_id=job_id,
        available=True,
        name=accepted.name,
        identity=accepted.identity,
        metadata=accepted.metadata,
        attributes=accepted.attributes,
    )
    return waiting, (Send(message=answer), AwaitAssignment(job_id=job_id))


def assigned(state: State, event: JobAssigned) -> Decision:
    """The server has given us the job."""
    offer = state.offers.get(event.job_id)
    if offer is None or offer.accepted is None:
        return _unasked(state, event)
    running = RunningJob(
        job=event.job,
        url=event.url or state.url,
        token=event.token,
        worker_id=state.worker_id,
        name=offer.accepted.name,
        identity=offer.accepted.identity,
        metadata=offer.accepted.metadata,
        attributes=offer.accepted.attributes,
    )
    # A promise is kept even while draining: the server counts on it.
    launched = replace(
        _without_offer(state, event.job_id),
        jobs=state.jobs | {event.job_id},
        begun=state.begun + 1,
    )
    return launched, (Forget(job_id=event.job_id), Launch(job_id=event.job_id, running=running))


def _unasked(state: State, event: JobAssigned) -> Decision:
    if event.job_id in state.jobs:
        return state, (warn(f"job {event.job_id!r} is assigned twice"),)
    # The server believes that the job runs here; it has to hear that it does not.
    update = JobUpdate(
        job_id=event.job_id,
        status=JobStatus.FAILED,
        error="assigned to a worker that had not accepted it, or no longer waited for it",
    )
    warning = warn(f"job {event.job_id!r} is assigned, but nobody here waits for it")
    return state, (warning, Send(message=update))


def terminated(state: State, event: JobTerminated) -> Decision:
    """The server wants a job ended."""
    if event.job_id in state.jobs:
        return state, (Stop(job_id=event.job_id, reason="the server terminated the job"),)
    if event.job_id in state.offers:
        return _without_offer(state, event.job_id), (Forget(job_id=event.job_id),)
    return state, (Say(level=logging.DEBUG, text=f"job {event.job_id!r} has ended before"),)


def overdue(state: State, event: Overdue) -> Decision:
    """The server has not given us what we accepted."""
    if event.job_id not in state.offers:
        return state, ()
    error = AssignmentTimeoutError(f"job {event.job_id!r} was accepted, and not assigned in time")
    said = Say(level=logging.WARNING, text=f"job {event.job_id!r} is given up", error=error)
    return _without_offer(state, event.job_id), (said,)


def _without_offer(state: State, job_id: str) -> State:
    offers = {other: offer for other, offer in state.offers.items() if other != job_id}
    return replace(state, offers=offers)


def warn(text: str) -> Say:
    """Something that should not happen, and is survived."""
    return Say(level=logging.WARNING, text=text)
