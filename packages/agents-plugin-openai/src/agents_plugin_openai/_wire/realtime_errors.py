"""What a service complains of in a realtime conversation: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents_core.errors import APIError
from agents_plugin_openai._wire.realtime_commands import ask_next
from agents_plugin_openai._wire.realtime_state import (
    Effect,
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
"""After which another connection would hear the same."""


def read_error(said: Mapping[str, Any], doing: str) -> APIError:
    """The error of a service, in the words of the core."""
    final = said.get("type") == "invalid_request_error" or said.get("code") in _FATAL
    message = f"{doing}: {said.get('message') or said.get('code') or 'no reason given'}"
    return APIError(message, body=dict(said), retryable=not final)


def complain(state: State, event: Event) -> Step:
    """Something that was asked for is not done, or nothing is done any more."""
    said = event["error"]
    code = said.get("code")
    if code in _TOO_LATE:
        return state, ()
    if code == _BUSY:
        return _wait(state), ()
    error = read_error(said, "the service complained")
    state, refused = _refuse(state, said.get("event_id"), error)
    state, asked = ask_next(state)
    return state, (*refused, Failed(error=error, fatal=code in _FATAL), *asked)


def _wait(state: State) -> State:
    """Ask again once the answer is over that was begun meanwhile."""
    asks = tuple(replace(question, sent=False) for question in state.asks)
    state = replace(state, asks=asks)
    return replace(state, occupied=not state.busy)


def _refuse(
    state: State, event_id: str | None, error: APIError
) -> tuple[State, tuple[Effect, ...]]:
    """Forget what is not done; who waits for it is told."""
    if event_id is None:
        return state, ()
    group = next((names for names in state.updates if event_id in names), (event_id,))
    state = replace(
        state,
        updates=tuple(names for names in state.updates if event_id not in names),
        pending=tuple(change for change in state.pending if change.event_id != event_id),
        cuts=tuple(cut for cut in state.cuts if cut.event_id != event_id),
        asks=tuple(question for question in state.asks if question.event_id != event_id),
        taken_back=state.taken_back - {event_id},
    )
    return state, tuple(Refused(event_id=name, error=error) for name in group)
