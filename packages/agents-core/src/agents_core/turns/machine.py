"""Who is speaking: one event at a time, from a state to the next one and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agents_core.turns import events as on
from agents_core.turns import user, voice
from agents_core.turns.draft import Draft
from agents_core.turns.effects import (
    AgentStateChanged,
    AskDetector,
    CancelPreemptive,
    DiscardAudio,
    Effect,
    FalseInterruption,
    KeepTurn,
    Pause,
    Resume,
    StartPreemptive,
    UserStateChanged,
)
from agents_core.turns.state import State
from agents_core.turns.timers import settle_timers, wanted_timers


def step(state: State, event: on.Event) -> tuple[State, tuple[Effect, ...]]:
    """What the conversation comes to by `event`, and what is to be done, in this order.

    Pure: the same arguments give the same answer. Nothing has an effect after `CloseAsked`, and a
    time that lies before the last one counts as the last one.
    """
    if state.closed:
        return state, ()
    draft = Draft(replace(state, now=max(state.now, event.at)))
    _TAKE[type(event)](draft, event)
    _settle(state, draft)
    return draft.state, tuple(draft.effects)


def _started(draft: Draft, _: on.Started) -> None:
    draft.change(started=True)


def _fired(draft: Draft, event: on.TimerFired) -> None:
    state = draft.state
    due = dict(state.timers).get(event.timer)
    if due is None or state.now < due:
        return  # cancelled or postponed while it was on its way
    draft.change(timers=tuple(pair for pair in state.timers if pair[0] is not event.timer))
    match event.timer:
        case on.Timer.ENDPOINT | on.Timer.TRANSCRIPT:
            user.commit(draft)
        case on.Timer.INTERRUPTION:
            user.sound_interrupts(draft)
        case on.Timer.FALSE_INTERRUPTION:
            draft.emit(FalseInterruption(resumed=state.paused))
            draft.change(doubt=None)
        case on.Timer.AWAY:
            draft.change(away=True)


def _reconfigured(draft: Draft, event: on.Reconfigured) -> None:
    # What was held is let go: the new rules may know no way to do so.
    draft.change(options=event.options, doubt=None)


def _drain_asked(draft: Draft, _: on.DrainAsked) -> None:
    draft.change(draining=True, commit_asked_at=None)


def _close_asked(draft: Draft, _: on.CloseAsked) -> None:
    draft.interrupt(draft.state.active)
    if draft.state.words:
        draft.emit(KeepTurn(transcript=draft.state.words))
    user.forget_words(draft)
    draft.change(closed=True, draining=True, speaking=False)


_TAKE: dict[type[on.Event], Callable[[Draft, Any], None]] = {
    on.Started: _started,
    on.UserStarted: user.user_started,
    on.UserStopped: user.user_stopped,
    on.Transcript: user.transcript,
    on.TurnPredicted: user.predicted,
    on.TimerFired: _fired,
    on.SpeechCreated: voice.speech_created,
    on.SpeechChanged: voice.speech_changed,
    on.PlaybackStarted: voice.playback_started,
    on.PlaybackFinished: voice.playback_finished,
    on.SpeechDone: voice.speech_done,
    on.CommitAsked: user.commit_asked,
    on.ClearAsked: user.clear_asked,
    on.InterruptAsked: voice.interrupt_asked,
    on.Reconfigured: _reconfigured,
    on.DrainAsked: _drain_asked,
    on.CloseAsked: _close_asked,
}


def _settle(before: State, draft: Draft) -> None:
    """Say all that follows from the state alone."""
    _settle_ears(before, draft)
    _settle_voice(before, draft)
    if draft.state.quiet and not before.quiet:
        draft.change(quiet_since=draft.state.now)
    wanted = wanted_timers(draft.state)
    draft.effects.extend(settle_timers(draft.state.timers, wanted))
    draft.change(timers=wanted)
    if before.user_state is not draft.state.user_state:
        draft.emit(UserStateChanged(old=before.user_state, new=draft.state.user_state))
    if before.agent_state is not draft.state.agent_state:
        draft.emit(AgentStateChanged(old=before.agent_state, new=draft.state.agent_state))


def _settle_ears(before: State, draft: Draft) -> None:
    discarding = draft.state.discarding
    if discarding != before.discarding:
        draft.emit(DiscardAudio(discard=discarding))
    if discarding and draft.state.speaking:  # nobody will hear them stop
        draft.change(speaking=False, spoke_until=draft.state.now)


def _settle_voice(before: State, draft: Draft) -> None:
    state = draft.state
    if before.paused != state.paused:
        draft.emit(Pause() if state.paused else Resume())
    wanted = state.wanted_preemptive
    if state.preemptive != wanted:
        if state.preemptive is not None:
            draft.emit(CancelPreemptive())
        if wanted is not None:
            draft.emit(StartPreemptive(transcript=wanted))
        draft.change(preemptive=wanted)
    if state.options.detector and state.endpointing and state.asked != state.revision:
        draft.emit(AskDetector(revision=state.revision, transcript=state.words))
        draft.change(asked=state.revision)
