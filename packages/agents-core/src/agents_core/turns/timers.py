"""Which timers a conversation needs, from nothing but its state."""

from __future__ import annotations

from collections.abc import Iterator

from agents_core.turns.effects import CancelTimer, StartTimer
from agents_core.turns.events import Timer
from agents_core.turns.state import State


def wanted_timers(state: State) -> tuple[tuple[Timer, float], ...]:
    """Every timer that should run now, with when it is due; a due time may have passed."""
    if state.closed:
        return ()
    dues = (
        (Timer.ENDPOINT, _endpoint(state)),
        (Timer.INTERRUPTION, _interruption(state)),
        (Timer.FALSE_INTERRUPTION, _false_interruption(state)),
        (Timer.AWAY, _away(state)),
        (Timer.TRANSCRIPT, _transcript(state)),
    )
    return tuple((timer, due) for timer, due in dues if due is not None)


def settle_timers(
    running: tuple[tuple[Timer, float], ...], wanted: tuple[tuple[Timer, float], ...]
) -> Iterator[StartTimer | CancelTimer]:
    """What turns the timers that run into those that should."""
    before, after = dict(running), dict(wanted)
    for timer in before:
        if timer not in after:
            yield CancelTimer(timer=timer)
    for timer, due in wanted:
        if before.get(timer) != due:
            yield StartTimer(timer=timer, due=due)


def _endpoint(state: State) -> float | None:
    if not state.endpointing:
        return None
    return state.spoke_until + state.endpointing_delay


def _interruption(state: State) -> float | None:
    if not state.interrupting:
        return None
    return state.spoke_since + state.options.min_interruption_duration


def _false_interruption(state: State) -> float | None:
    timeout = state.options.false_interruption_timeout
    if state.doubt is None or timeout is None or state.speaking:
        return None
    return state.spoke_until + timeout


def _away(state: State) -> float | None:
    timeout = state.options.user_away_timeout
    if timeout is None or not state.quiet or state.away:
        return None
    return state.quiet_since + timeout


def _transcript(state: State) -> float | None:
    if state.commit_asked_at is None or state.protected:
        return None
    wait = state.options.transcript_timeout if state.awaiting_words else 0.0
    return state.commit_asked_at + wait
