"""What a worker decides: from what it knows and what happens, to what it knows then and does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agents_core.worker.effects import (
    Answered,
    DrainBegun,
    Effect,
    Event,
    Forget,
    JobChanged,
    Lost,
    Measured,
    Overdue,
    PingDue,
    Reconnect,
    Say,
    Send,
)
from agents_core.worker.messages import (
    GoAway,
    JobAssigned,
    JobOffered,
    JobTerminated,
    JobUpdate,
    MigrateJobs,
    Ping,
    Pong,
    Registered,
    Unreadable,
)
from agents_core.worker.offers import (
    Decision,
    answered,
    assigned,
    offered,
    overdue,
    terminated,
    warn,
)
from agents_core.worker.state import State, Unconfirmed


def decide(state: State, event: Event) -> Decision:
    """The next state, and what is to be done, in this order.

    Nothing is sent while there is no registration; reports on jobs are kept until the server has
    answered a ping that came after them, and said again over every new connection.
    """
    return _DECISIONS[type(event)](state, event)


def _registered(state: State, event: Registered) -> Decision:
    effects: list[Effect] = []
    if state.jobs:
        effects.append(Send(message=MigrateJobs(job_ids=tuple(sorted(state.jobs)))))
    effects += [Send(message=kept.update) for kept in state.unconfirmed.values()]
    known = replace(
        state,
        worker_id=event.worker_id,
        registered=True,
        unconfirmed={job_id: replace(kept, ping=None) for job_id, kept in _kept(state)},
    )
    return known, (*effects, Send(message=known.report))


def _lost(state: State, _: Lost) -> Decision:
    # An offer is a matter between two ends of one connection; the next one knows nothing of it.
    forgotten = tuple(Forget(job_id=job_id) for job_id in state.offers)
    return replace(state, registered=False, offers={}), forgotten


def _job_changed(state: State, event: JobChanged) -> Decision:
    if event.job_id not in state.jobs:
        return state, ()
    update = JobUpdate(job_id=event.job_id, status=event.status, error=event.error)
    others = {job_id: kept for job_id, kept in _kept(state) if job_id != event.job_id}
    changed = replace(
        state,
        jobs=state.jobs - {event.job_id} if event.status.ended else state.jobs,
        unconfirmed={**others, event.job_id: Unconfirmed(update=update)},
    )
    return changed, (Send(message=update),) if state.registered else ()


def _measured(state: State, event: Measured) -> Decision:
    measured = replace(state, load=event.load, begun=0, begun_before=state.begun)
    if not state.registered:
        return measured, ()
    effects: tuple[Effect, ...] = (Send(message=measured.report),)
    if measured.available != state.available:
        load = f"load {measured.expected:.2f} of {state.limits.load_threshold:.2f}"
        text = f"the worker {'has room again' if measured.available else 'is full'} ({load})"
        effects = (Say(level=logging.INFO, text=text), *effects)
    return measured, effects


def _ping_due(state: State, event: PingDue) -> Decision:
    if not state.registered:
        return state, ()
    marked = {
        job_id: kept if kept.ping is not None else replace(kept, ping=event.timestamp)
        for job_id, kept in _kept(state)
    }
    ping = Send(message=Ping(timestamp=event.timestamp))
    return replace(state, unconfirmed=marked), (ping,)


def _pong(state: State, event: Pong) -> Decision:
    left = {
        job_id: kept
        for job_id, kept in _kept(state)
        if kept.ping is None or kept.ping > event.last_timestamp
    }
    return replace(state, unconfirmed=left), ()


def _drain_begun(state: State, _: DrainBegun) -> Decision:
    draining = replace(state, draining=True)
    if state.draining or not state.registered:
        return draining, ()
    return draining, (Send(message=draining.report),)


def _go_away(state: State, event: GoAway) -> Decision:
    return state, (Reconnect(reason=f"the server asked for it: {event.reason!r}"),)


def _unreadable(state: State, event: Unreadable) -> Decision:
    return state, (warn(f"the server said something that is not understood: {event.problem}"),)


def _kept(state: State) -> tuple[tuple[str, Unconfirmed], ...]:
    return tuple(state.unconfirmed.items())


_DECISIONS: dict[type, Callable[[State, Any], Decision]] = {
    Answered: answered,
    DrainBegun: _drain_begun,
    GoAway: _go_away,
    JobAssigned: assigned,
    JobChanged: _job_changed,
    JobOffered: offered,
    JobTerminated: terminated,
    Lost: _lost,
    Measured: _measured,
    Overdue: overdue,
    PingDue: _ping_due,
    Pong: _pong,
    Registered: _registered,
    Unreadable: _unreadable,
}
