"""What a user of a realtime conversation does to it: pure, from one state to the next."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from agents_core.chat import ChatItem, ChatMessage
from agents_core.errors import APIError
from agents_plugin_openai import models
from agents_plugin_openai._wire.realtime_items import (
    changed,
    changes,
    conversation,
    format_item,
    with_text,
)
from agents_plugin_openai._wire.realtime_options import format_change
from agents_plugin_openai._wire.realtime_state import (
    Answer,
    Ask,
    Change,
    Cut,
    Deletion,
    Effect,
    Hushed,
    Refused,
    Send,
    State,
    Step,
)

_SHORTEST_TURN = models.REALTIME_SAMPLE_RATE * 2 // 10
"""Bytes of a tenth of a second: the service takes no shorter turn."""


def configure(state: State, name: str, value: Any) -> Step:  # noqa: ANN401 - of that field
    """Change ``instructions``, ``tools`` or ``tool_choice``; the last of `updates` is its name."""
    was = getattr(state.setting, name)
    state = replace(state, setting=replace(state.setting, **{name: value}))
    state, event_id = named(state, "update")
    before = {**state.before, event_id: (name, was)}
    state = replace(state, updates=(*state.updates, (event_id,)), before=before)
    session = format_change(state.setting, name)
    message = {"type": "session.update", "event_id": event_id, "session": session}
    return state, (Send(message=message),) if state.online else ()


def rewrite(state: State, wanted: Iterable[ChatItem]) -> Step:
    """Make the conversation equal to `wanted`, which it is once nothing is pending."""
    known = conversation(state.items, state.pending)
    effects: list[Effect] = []
    for change in changes(known, wanted, state.setting.options.dialect):
        state, event_id = named(state, "item")
        change = replace(change, event_id=event_id)  # noqa: PLW2901 - it is the same, with a name
        state = replace(state, pending=(*state.pending, change))
        effects.append(Send(message=format_pending(change, state)))
    return state, tuple(effects) if state.online else ()


def ask(state: State, instructions: str | None) -> Step:
    """Have an answer made; the last of `asks` is the question."""
    state, event_id = named(state, "ask")
    question = Ask(event_id=event_id, instructions=instructions)
    return ask_next(replace(state, asks=(*state.asks, question)))


def ask_next(state: State) -> Step:
    """Send the first question, once the service can answer it."""
    if not state.online or not state.asks or state.busy:
        return state, ()
    question = replace(state.asks[0], sent=True)
    response: dict[str, object] = {"metadata": {"client_event_id": question.event_id}}
    if question.instructions is not None:
        own = state.setting.instructions
        wish = question.instructions
        response["instructions"] = f"{own}\n{wish}" if own else wish
    message = {"type": "response.create", "event_id": question.event_id, "response": response}
    return replace(state, asks=(question, *state.asks[1:])), (Send(message=message),)


def take_back(state: State, event_id: str) -> Step:
    """Ask for it no more, and stop the answer as soon as it begins."""
    sent = any(question.sent for question in state.asks if question.event_id == event_id)
    asks = tuple(question for question in state.asks if question.event_id != event_id)
    taken_back = state.taken_back | {event_id} if sent else state.taken_back
    return ask_next(replace(state, asks=asks, taken_back=taken_back))


def interrupt(state: State) -> Step:
    """Stop what is being answered; a question that waits is answered all the same."""
    effects: list[Effect] = []
    for answer in state.answers.values():
        if not answer.hushed:
            effects += cancel(answer)
    answers = {name: replace(answer, hushed=True) for name, answer in state.answers.items()}
    return replace(state, answers=answers), tuple(effects)


def cancel(answer: Answer) -> tuple[Effect, ...]:
    """What stops an answer."""
    message = {"type": "response.cancel", "response_id": answer.response_id}
    return Send(message=message), Hushed(response_id=answer.response_id)


def truncate(state: State, item_id: str, *, end: int, heard: str | None) -> Step:
    """Cut a message to what was heard: `end` milliseconds, the words `heard`."""
    known = conversation(state.items, state.pending)
    message = next((item for item in known if item.id == item_id), None)
    if not isinstance(message, ChatMessage):
        return state, ()
    said = any(item_id in answer.texts for answer in state.answers.values())
    state, effects = interrupt(state) if said else (state, ())
    if not state.setting.options.speaks or not state.online:
        text = message.text_content or "" if heard is None else heard
        cut = with_text(message, text, interrupted=True)
        state, more = rewrite(state, (cut if item is message else item for item in known))
        return state, (*effects, *more)
    state, event_id = named(state, "cut")
    state = replace(state, cuts=(*state.cuts, Cut(item_id=item_id, heard=heard, event_id=event_id)))
    told = {
        "type": "conversation.item.truncate",
        "event_id": event_id,
        "item_id": item_id,
        "content_index": 0,
        "audio_end_ms": end,
    }
    return state, (*effects, Send(message=told))


def give_up(state: State, names: Sequence[str], error: APIError) -> Step:
    """Wait no more for what was sent under these names, and what nobody confirmed is not there.

    Without a connection all of it waits for the next one.
    """
    if not state.online:
        return state, ()
    left = (tuple(name for name in group if name not in names) for group in state.updates)
    state = replace(
        state,
        pending=tuple(change for change in state.pending if change.event_id not in names),
        updates=tuple(filter(None, left)),
        before={name: was for name, was in state.before.items() if name not in names},
    )
    return state, tuple(Refused(event_id=name, error=error) for name in names)


def hear(state: State, sound: bytes) -> Step:
    """Let the service hear some sound."""
    told = {"type": "input_audio_buffer.append", "audio": base64.b64encode(sound).decode()}
    state = replace(state, unheard=state.unheard + len(sound))
    return state, (Send(message=told, lasting=True),)


def commit(state: State) -> Step:
    """End the user's turn; nothing where there is too little of it."""
    if state.unheard < _SHORTEST_TURN:
        return state, ()
    told = {"type": "input_audio_buffer.commit"}
    return replace(state, unheard=0), (Send(message=told, lasting=True),)


def clear(state: State) -> Step:
    """Have the service forget the sound since the last turn."""
    told = {"type": "input_audio_buffer.clear"}
    return replace(state, unheard=0), (Send(message=told, lasting=True),)


def named(state: State, kind: str) -> tuple[State, str]:
    """A name for what is sent, which comes back with an error about it."""
    serial = state.serial + 1
    return replace(state, serial=serial), f"{kind}_{serial}"


def format_pending(change: Change, state: State) -> dict[str, object]:
    """The message for a change of the conversation."""
    if isinstance(change, Deletion):
        told: dict[str, object] = {"type": "conversation.item.delete", "item_id": change.item_id}
        return told | {"event_id": change.event_id}
    place = {"previous_item_id": change.after} if change.after else {}
    item = format_item(change.item, state.setting.options.dialect)
    told = {"type": "conversation.item.create", "event_id": change.event_id}
    return told | place | {"item": item}


def settle(state: State, change: Change) -> State:
    """A change is made."""
    pending = tuple(each for each in state.pending if each is not change)
    return replace(state, pending=pending, items=changed(state.items, change))
