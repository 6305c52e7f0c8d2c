"""What the machine of turns wants done, done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from agents_core.chat import ChatMessage
from agents_core.session.events import (
    AgentFalseInterruptionEvent,
    AgentStateChangedEvent,
    UserStateChangedEvent,
)
from agents_core.session.prompt import Wish
from agents_core.session.reply import generate
from agents_core.session.user_turn import answer_turn
from agents_core.turns import effects as do

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation


def act(talk: Conversation, effect: do.Effect) -> None:
    """Do it, at once; what takes time goes on in a task that the conversation owns."""
    match effect:
        case do.CommitTurn():
            _answer(talk, effect)
        case do.KeepTurn(transcript=transcript):
            talk.remember(ChatMessage(role="user", content=(transcript,)))
        case do.StartPreemptive(transcript=transcript):
            talk.early.begin(transcript)
        case do.CancelPreemptive():
            talk.early.discard()
        case do.AskDetector():
            talk.shift.ask_detector(effect)
        case do.DiscardAudio(discard=discard):
            talk.shift.hearing.discard(discard)
        case do.Interrupt() | do.Pause() | do.Resume():
            _sound(talk, effect)
        case _:
            _tell(talk, effect)


def _answer(talk: Conversation, turn: do.CommitTurn) -> None:
    link = talk.shift.link
    if link is not None:
        link.commit()
    if not talk.current_agent.thinks:
        talk.remember(ChatMessage(role="user", content=(turn.transcript,)))
        return
    handle = talk.create_speech("generate_reply", user_initiated=False)
    if link is not None:
        talk.queue.add(handle, partial(generate, talk, handle, Wish(), None))
        return
    prepared = talk.early.take() if turn.preemptive else None
    talk.queue.add(handle, partial(answer_turn, talk, handle, turn, prepared))


def _sound(talk: Conversation, effect: do.Interrupt | do.Pause | do.Resume) -> None:
    output = talk.output.audio
    match effect:
        case do.Interrupt(speech=speech):
            handle = talk.queue.get(speech)
            if handle is not None:
                handle.cut()
        case do.Pause():
            if output is not None:
                output.pause()
        case do.Resume():
            if output is not None:
                output.resume()


def _tell(talk: Conversation, effect: do.Effect) -> None:
    match effect:
        case do.AgentStateChanged(old=old, new=new):
            if new is do.AgentState.SPEAKING:
                for part in (talk.shift.parts.llm, talk.shift.parts.tts):
                    talk.failures.succeeded(part)
            talk.emit("agent_state_changed", AgentStateChangedEvent(old_state=old, new_state=new))
        case do.UserStateChanged(old=was, new=now):
            talk.emit("user_state_changed", UserStateChangedEvent(old_state=was, new_state=now))
        case do.FalseInterruption(resumed=resumed):
            talk.emit("agent_false_interruption", AgentFalseInterruptionEvent(resumed=resumed))
        case _:
            pass  # timers are the floor's; what was cleared is forgotten
