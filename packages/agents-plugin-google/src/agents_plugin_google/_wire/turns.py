"""Whose turn it is in a conversation: what each message of Google's, and each of ours, changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from agents_plugin_google._wire.events import (
    Began,
    Called,
    CalledOff,
    Ended,
    Event,
    GoingAway,
    Rejected,
    Resumable,
    Said,
    SpeechStarted,
    SpeechStopped,
    Spent,
    Transcribed,
)
from agents_plugin_google._wire.heard import Heard

_REJECTIONS = 3
"""Calls in a row that are turned down; a model that then calls again has nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What is known of the turn."""

    writes: bool = False
    """Whether text in the answer itself is what is said; else what is said comes beside it."""
    calls_allowed: bool = True
    asked: bool = False
    """Whether we have asked a question whose answer has not begun."""
    answering: bool = False
    """Whether an answer is handed on."""
    muted: bool = False
    """Whether an answer comes of which nothing is handed on any more."""
    open: bool = False
    """Whether Google thinks that its answer is still listened to."""
    stopped: bool = False
    """Whether we said something that interrupts Google: that is then not the user."""
    hearing: bool = False
    """Whether the user speaks, as far as is known."""
    said: str = ""
    """What the user has said that is not final."""
    rejected: int = 0

    @property
    def owed(self) -> bool:
        """Whether Google is to say something, soon."""
        return self.asked or self.answering or self.muted

    @property
    def engaged(self) -> bool:
        """Whether somebody says something, or is asked to, or is listened to."""
        return self.owed or self.open or self.hearing


Step: TypeAlias = tuple[Turns, tuple[Event, ...]]


def hear(turns: Turns, heard: Heard) -> Step:
    """What a message of Google's changes."""
    events: list[Event] = []
    for part in (_interruption, _activity, _transcript, _answer, _calls, _end):
        turns, more = part(turns, heard)
        events += more
    return turns, (*events, *_beside(heard))


def ask(turns: Turns) -> Turns:
    """We ask a question, which interrupts an answer."""
    return replace(turns, asked=True, stopped=turns.open)


def tell(turns: Turns) -> Turns:
    """We add something to the conversation, which interrupts an answer as well."""
    return replace(turns, stopped=turns.stopped or turns.open)


def stop(turns: Turns) -> Step:
    """Nobody wants to hear the answer any more."""
    ended = (Ended(interrupted=True),) if turns.answering else ()
    muted = turns.muted or turns.answering
    return replace(turns, answering=False, muted=muted, stopped=turns.open), ended


def spoil(turns: Turns) -> Step:
    """A message could not be read: what is answered, or was asked, is lost."""
    turns, events = stop(turns)
    return replace(turns, asked=False), events


def lose(turns: Turns) -> Step:
    """The connection is gone, and with it all that was going on."""
    events: tuple[Event, ...] = (SpeechStopped(),) if turns.hearing else ()
    events += _finals(turns)
    if turns.answering:
        events += (Ended(interrupted=True),)
    return Turns(writes=turns.writes, calls_allowed=turns.calls_allowed), events


def _interruption(turns: Turns, heard: Heard) -> Step:
    if not heard.interrupted:
        return turns, ()
    started, events = (turns, ()) if turns.stopped or turns.asked else _start_speech(turns)
    ended, more = _end_answer(started, interrupted=True)
    return replace(ended, stopped=False), (*events, *more)


def _activity(turns: Turns, heard: Heard) -> Step:
    if heard.activity is None:
        return turns, ()
    return _start_speech(turns) if heard.activity else _stop_speech(turns)


def _transcript(turns: Turns, heard: Heard) -> Step:
    if not heard.said and not heard.said_all:
        return turns, ()
    events: tuple[Event, ...] = ()
    if not turns.answering and not turns.muted:  # else it is late, of what is being answered
        turns, events = _start_speech(turns)
    turns = replace(turns, said=turns.said + heard.said)
    if heard.said_all:
        return replace(turns, said=""), events + _finals(turns)
    return turns, (*events, Transcribed(turns.said.strip(), final=False))


def _answer(turns: Turns, heard: Heard) -> Step:
    text = heard.written if turns.writes else heard.spoken
    if not text and not heard.sound:
        return turns, ()
    if turns.muted:
        return replace(turns, open=True), ()
    turns, events = _begin(turns)
    return turns, (*events, Said(text, heard.sound))


def _calls(turns: Turns, heard: Heard) -> Step:
    if not heard.calls or turns.muted:
        return turns, ()
    if not turns.calls_allowed and turns.rejected < _REJECTIONS:
        return replace(turns, rejected=turns.rejected + 1), (Rejected(heard.calls),)
    turns, events = _begin(turns)
    if turns.calls_allowed:
        events += tuple(Called(call) for call in heard.calls)
    turns, more = _end_answer(turns, interrupted=False)
    return replace(turns, open=False), events + more  # Google waits for the tools now


def _end(turns: Turns, heard: Heard) -> Step:
    events: tuple[Event, ...] = ()
    if heard.turn_over and turns.asked and not turns.open:
        turns, events = _begin(turns)  # it has nothing to say
    if heard.turn_over or heard.answer_made:
        turns, more = _end_answer(turns, interrupted=False)
        events += more
    if heard.turn_over:
        turns = replace(turns, open=False, stopped=False)
    return turns, events


def _beside(heard: Heard) -> tuple[Event, ...]:
    """What is told beside the turns."""
    events: tuple[Event, ...] = (CalledOff(heard.calls_off),) if heard.calls_off else ()
    if heard.usage is not None:
        events += (Spent(heard.usage),)
    if heard.handle:
        events += (Resumable(heard.handle),)
    return (*events, GoingAway()) if heard.going_away else events


def _begin(turns: Turns) -> Step:
    if turns.answering:
        return turns, ()
    began = Began(asked=turns.asked)
    turns, events = _stop_speech(turns)
    answering = replace(turns, answering=True, asked=False, open=True, stopped=False, rejected=0)
    return answering, (*events, began)


def _end_answer(turns: Turns, *, interrupted: bool) -> Step:
    """What the user said goes before it: Google may write that down while it answers."""
    events = _finals(turns)
    if turns.answering:
        events += (Ended(interrupted=interrupted),)
    return replace(turns, answering=False, muted=False, said=""), events


def _finals(turns: Turns) -> tuple[Event, ...]:
    said = turns.said.strip()
    return (Transcribed(said, final=True),) if said else ()


def _start_speech(turns: Turns) -> Step:
    return replace(turns, hearing=True), (() if turns.hearing else (SpeechStarted(),))


def _stop_speech(turns: Turns) -> Step:
    return replace(turns, hearing=False), ((SpeechStopped(),) if turns.hearing else ())
