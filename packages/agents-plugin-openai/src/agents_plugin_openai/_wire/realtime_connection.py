"""How a realtime conversation goes from one connection to the next: pure."""

from __future__ import annotations

from dataclasses import replace

from agents_core.chat import ChatItem
from agents_core.realtime import InputSpeechStopped
from agents_plugin_openai._wire.realtime_commands import (
    ask_next,
    format_pending,
    named,
)
from agents_plugin_openai._wire.realtime_items import conversation, format_item, with_text
from agents_plugin_openai._wire.realtime_options import format_session
from agents_plugin_openai._wire.realtime_state import (
    Confirmed,
    Creation,
    Effect,
    Hushed,
    Send,
    State,
    Step,
    Told,
)


def opened(state: State, kept: tuple[Send, ...] = ()) -> Step:
    """A connection is there, and knows nothing: tell it all, and then what was `kept` for it."""
    state, event_id = named(state, "update")
    waiting = tuple(name for names in state.updates for name in names)
    state = replace(state, online=True, updates=((*waiting, event_id),))
    session = format_session(state.setting)
    first = Send(message={"type": "session.update", "event_id": event_id, "session": session})
    state, told = _retell(state)
    state, asked = ask_next(state)
    return state, (first, *told, *kept, *asked)


def lost(state: State) -> Step:
    """The connection is gone, and with it what was being said; questions are asked again."""
    effects: list[Effect] = [Hushed(response_id=name, over=True) for name in state.answers]
    if state.speaking:
        stopped = InputSpeechStopped(user_transcription_enabled=False)
        effects.append(Told(event="input_speech_stopped", value=stopped))
    state = replace(
        state,
        online=False,
        items=tuple(_as_far_as_said(item, state) for item in state.items),
        cuts=(),
        asks=tuple(replace(question, sent=False) for question in state.asks),
        taken_back=frozenset(),
        answers={},
        occupied=False,
        unheard=0,
        speaking=False,
        transcripts={},
    )
    return state, tuple(effects)


def _retell(state: State) -> Step:
    """The conversation so far, in text; who waits for a part of it is told as ever."""
    dialect = state.setting.options.dialect
    names = {
        change.item.id: change.event_id for change in state.pending if isinstance(change, Creation)
    }
    effects: list[Effect] = []
    told: list[Creation] = []
    for item in conversation(state.items, state.pending):
        if format_item(item, dialect) is None:
            continue
        event_id = names.get(item.id)
        if event_id is None:
            state, event_id = named(state, "item")
        told.append(Creation(item=item, after="", event_id=event_id))
    still = {creation.event_id for creation in told}
    effects += [
        Confirmed(event_id=change.event_id)
        for change in state.pending
        if change.event_id not in still
    ]
    state = replace(state, items=(), pending=tuple(told))
    effects += [Send(message=format_pending(creation, state)) for creation in told]
    return state, tuple(effects)


def _as_far_as_said(item: ChatItem, state: State) -> ChatItem:
    cut = next((cut for cut in state.cuts if cut.item_id == item.id), None)
    if cut is not None and cut.heard is not None:
        return with_text(item, cut.heard, interrupted=True)
    texts = [answer.texts[item.id] for answer in state.answers.values() if item.id in answer.texts]
    return with_text(item, texts[0], interrupted=True) if texts and texts[0] else item
