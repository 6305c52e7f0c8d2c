"""What a service says in a realtime conversation, and what follows from it: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from agents_core.chat import ChatItem
from agents_core.realtime import (
    InputSpeechStarted,
    InputSpeechStopped,
    InputTranscriptionCompleted,
    RemoteItemAdded,
)
from agents_plugin_openai._wire.realtime_answers import ANSWERS
from agents_plugin_openai._wire.realtime_commands import settle
from agents_plugin_openai._wire.realtime_errors import complain, read_error
from agents_plugin_openai._wire.realtime_items import changed, read_item, replaced, with_text
from agents_plugin_openai._wire.realtime_state import (
    Confirmed,
    Creation,
    Deletion,
    Event,
    Failed,
    State,
    Step,
    Told,
)

_BEFORE: Mapping[str, str] = {
    "response.text.delta": "response.output_text.delta",
    "response.audio.delta": "response.output_audio.delta",
    "response.audio_transcript.delta": "response.output_audio_transcript.delta",
    "conversation.item.created": "conversation.item.added",
}
"""Names of events before general availability."""
_TRANSCRIPTION = "conversation.item.input_audio_transcription"


def receive(state: State, event: Event) -> Step:
    """What follows from one event of the service; nothing from those that concern nobody.

    Raises:
        LookupError, TypeError, ValueError: it lacks what it needs.
    """
    name = event["type"]
    reader = _READERS.get(_BEFORE.get(name, name))
    return (state, ()) if reader is None else reader(state, event)


def _updated(state: State, _event: Event) -> Step:
    first, rest = state.updates[:1], state.updates[1:]
    names = tuple(name for group in first for name in group)
    before = {name: was for name, was in state.before.items() if name not in names}
    done = tuple(Confirmed(event_id=name) for name in names)
    return replace(state, updates=rest, before=before), done


def _speech_started(state: State, _event: Event) -> Step:
    told = Told(event="input_speech_started", value=InputSpeechStarted())
    return replace(state, speaking=True), (told,)


def _speech_stopped(state: State, _event: Event) -> Step:
    written = state.setting.options.input_audio_transcription is not None
    stopped = InputSpeechStopped(user_transcription_enabled=written)
    told = Told(event="input_speech_stopped", value=stopped)
    return replace(state, speaking=False), (told,)


def _committed(state: State, _event: Event) -> Step:
    return replace(state, unheard=0), ()


def _item_added(state: State, event: Event) -> Step:
    item_id = event["item"]["id"]
    for change in state.pending:
        if isinstance(change, Creation) and change.item.id == item_id:
            done = Confirmed(event_id=change.event_id)
            return settle(state, change), (_told_of(change.item, event), done)
    if any(item.id == item_id for item in state.items):
        return _item_done(state, event)
    item = read_item(event["item"])
    if item is None:
        return state, ()
    creation = Creation(item=item, after=event.get("previous_item_id") or "")
    state = replace(state, items=changed(state.items, creation))
    return state, (_told_of(item, event),)


def _told_of(item: ChatItem, event: Event) -> Told:
    added = RemoteItemAdded(item=item, previous_item_id=event.get("previous_item_id"))
    return Told(event="remote_item_added", value=added)


def _item_done(state: State, event: Event) -> Step:
    item = read_item(event["item"])
    return (state, ()) if item is None else (_restated(state, item), ())


def _item_deleted(state: State, event: Event) -> Step:
    gone = [change for change in state.pending if isinstance(change, Deletion)]
    # Some services do not say which one it was; then it is the first that is waited for.
    item_id = event.get("item_id") or (gone[0].item_id if gone else "")
    for change in gone:
        if change.item_id == item_id:
            return settle(state, change), (Confirmed(event_id=change.event_id),)
    return replace(state, items=changed(state.items, Deletion(item_id=item_id))), ()


def _item_truncated(state: State, event: Event) -> Step:
    item_id = event["item_id"]
    for cut in state.cuts:
        if cut.item_id == item_id:
            state = replace(state, cuts=tuple(each for each in state.cuts if each is not cut))
            return (state if cut.heard is None else _rewritten(state, item_id, cut.heard)), ()
    return state, ()


def _transcribing(state: State, event: Event) -> Step:
    item_id = event["item_id"]
    said = state.transcripts.get(item_id, "") + event.get("delta", "")
    state = replace(state, transcripts={**state.transcripts, item_id: said})
    return state, (_transcript(item_id, said, final=False),) if said else ()


def _transcribed_so_far(state: State, event: Event) -> Step:
    return state, (_transcript(event["item_id"], event["transcript"], final=False),)


def _transcribed(state: State, event: Event) -> Step:
    if event.get("status") == "in_progress":
        return _transcribed_so_far(state, event)
    item_id, text = event["item_id"], event["transcript"]
    item = next((item for item in state.items if item.id == item_id), None)
    if item is not None:
        state = _restated(state, with_text(item, text))
    return _written(state, item_id), (_transcript(item_id, text, final=True),)


def _not_transcribed(state: State, event: Event) -> Step:
    error = read_error(event["error"], "the user was not understood")
    return _written(state, event["item_id"]), (Failed(error=error),)


def _written(state: State, item_id: str) -> State:
    others = {name: said for name, said in state.transcripts.items() if name != item_id}
    return replace(state, transcripts=others)


def _transcript(item_id: str, text: str, *, final: bool) -> Told:
    written = InputTranscriptionCompleted(item_id=item_id, transcript=text, is_final=final)
    return Told(event="input_audio_transcription_completed", value=written)


def _rewritten(state: State, item_id: str, text: str) -> State:
    items = tuple(
        with_text(item, text, interrupted=True) if item.id == item_id else item
        for item in state.items
    )
    return replace(state, items=items)


def _restated(state: State, item: ChatItem) -> State:
    return replace(state, items=replaced(state.items, item))


_READERS: Mapping[str, Callable[[State, Event], Step]] = {
    **ANSWERS,
    "session.updated": _updated,
    "input_audio_buffer.speech_started": _speech_started,
    "input_audio_buffer.speech_stopped": _speech_stopped,
    "input_audio_buffer.committed": _committed,
    "conversation.item.added": _item_added,
    "conversation.item.done": _item_done,
    "conversation.item.deleted": _item_deleted,
    "conversation.item.truncated": _item_truncated,
    f"{_TRANSCRIPTION}.delta": _transcribing,
    f"{_TRANSCRIPTION}.updated": _transcribed_so_far,
    f"{_TRANSCRIPTION}.completed": _transcribed,
    f"{_TRANSCRIPTION}.failed": _not_transcribed,
    "error": complain,
}
