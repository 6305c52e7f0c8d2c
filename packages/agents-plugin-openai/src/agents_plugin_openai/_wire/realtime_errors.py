"""What a service complains of in a realtime conversation: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents_core.errors import APIError
from agents_plugin_openai._wire.realtime_commands import ask_next
from agents_plugin_openai._wire.realtime_state import (
    Event,
    Failed,
    Refused,
    State,
    Step,
)

_BUSY = "conversation_already_has_active_response"
_TOO_LATE = frozenset({"response_cancel_not_active", "input_audio_buffer_commit_empty"})
"""Of races that nobody can win: the answer was over, or the turn was taken, before we said so."""
_FATAL = frozenset(
    {"invalid_api_key", "insufficient_quota", "model_not_found", "invalid_model", "access_denied"}
)


def read_error(said: Mapping[str, Any], doing: str) -> APIError:
    """The error of a service, in the words of the core."""
    final = said.get("type") == "invalid_request_error" or is_fatal(said)
    message = f"{doing}: {said.get('message') or said.get('code') or 'no reason given'}"
    return APIError(message, body=dict(said), retryable=not final)


def is_fatal(said: Mapping[str, Any]) -> bool:
    """Whether another connection would hear the same."""
    return said.get("code") in _FATAL


def complain(state: State, event: Event) -> Step:
    """Something that was asked for is not done, or nothing is done any more."""
    said = event["error"]
    code = said.get("code")
    if code in _TOO_LATE:
        return state, ()
    if code == _BUSY:
        return _wait(state, said.get("event_id")), ()
    error = read_error(said, "the service complained")
    state, refused = refuse(state, said.get("event_id"), error)
    state, asked = ask_next(state)
    return state, (*refused, Failed(error=error, fatal=is_fatal(said)), *asked)


def _wait(state: State, event_id: str | None) -> State:
    """Ask again once the answer is over that was begun meanwhile."""
    asks = tuple(replace(question, sent=False) for question in state.asks)
    state = replace(state, asks=asks, taken_back=state.taken_back - {event_id})
    return replace(state, occupied=not state.busy)


def refuse(state: State, event_id: str | None, error: APIError) -> Step:
    """Forget what is not done; who waits for it is told."""
    if event_id is None:
        return state, ()
    group = next((names for names in state.updates if event_id in names), (event_id,))
    for name in reversed(group):
        state = _undone(state, name)
    state = replace(
        state,
        updates=tuple(names for names in state.updates if event_id not in names),
        pending=tuple(change for change in state.pending if change.event_id != event_id),
        cuts=tuple(cut for cut in state.cuts if cut.event_id != event_id),
        asks=tuple(question for question in state.asks if question.event_id != event_id),
        taken_back=state.taken_back - {event_id},
    )
    return state, tuple(Refused(event_id=name, error=error) for name in group)


def _undone(state: State, name: str) -> State:
    """The setting without a change: the next connection would be refused because of it."""
    names = list(state.before)
    if name not in names:
        return state
    before = dict(state.before)
    field, was = before.pop(name)
    later = names[names.index(name) + 1 :]
    again = next((each for each in later if before[each][0] == field), None)
    if again is not None:  # it was changed once more, from there
        return replace(state, before=before | {again: (field, was)})
    changed: dict[str, Any] = {field: was}
    return replace(state, before=before, setting=replace(state.setting, **changed))
