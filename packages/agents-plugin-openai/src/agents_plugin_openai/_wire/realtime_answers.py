"""An answer of a realtime model, while it comes: pure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from agents_core.chat import FunctionCall
from agents_plugin_openai._wire.realtime_commands import ask_next, cancel
from agents_plugin_openai._wire.realtime_errors import is_fatal, read_error, refuse
from agents_plugin_openai._wire.realtime_items import read_item, replaced
from agents_plugin_openai._wire.realtime_options import Modality
from agents_plugin_openai._wire.realtime_state import (
    Answer,
    Began,
    Called,
    Effect,
    Event,
    Failed,
    Hushed,
    Measured,
    MessageBegan,
    MessageEnded,
    Said,
    State,
    Step,
)

_TEXT: tuple[Modality, ...] = ("text",)
_SOUND: tuple[Modality, ...] = ("audio", "text")


def _created(state: State, event: Event) -> Step:
    response = event["response"]
    name = response["id"]
    event_id = _question_of(response)
    answer = Answer(response_id=name, hushed=event_id in state.taken_back)
    asked = any(question.event_id == event_id for question in state.asks)
    over = tuple(Hushed(response_id=each, over=True) for each in state.answers)
    state = replace(
        state,
        answers={name: answer},  # one at a time: any other is over, with or without a word
        asks=tuple(question for question in state.asks if question.event_id != event_id),
        taken_back=state.taken_back - {event_id},
    )
    if answer.hushed:
        return state, (*over, *cancel(answer))
    return state, (*over, Began(response_id=name, event_id=event_id if asked else None))


def _part_added(state: State, event: Event) -> Step:
    written = event["part"]["type"] in ("text", "output_text")
    return _go_on(state, event, _TEXT if written else _SOUND)


def _text(state: State, event: Event) -> Step:
    return _go_on(state, event, _TEXT, text=event["delta"])


def _transcript(state: State, event: Event) -> Step:
    return _go_on(state, event, _SOUND, text=event["delta"])


def _sound(state: State, event: Event) -> Step:
    sound = base64.b64decode(event["delta"], validate=True)
    return _go_on(state, event, _SOUND, sound=sound)


def _go_on(
    state: State,
    event: Event,
    modalities: tuple[Modality, ...],
    *,
    text: str = "",
    sound: bytes = b"",
) -> Step:
    name, item_id = event["response_id"], event["item_id"]
    answer = state.answers.get(name)
    if answer is None or answer.hushed:
        return state, ()
    effects: list[Effect] = []
    if item_id not in answer.texts:
        begun = MessageBegan(response_id=name, item_id=item_id, modalities=modalities)
        effects.append(begun)
    if text or sound:
        effects.append(Said(response_id=name, item_id=item_id, text=text, sound=sound))
    texts = {**answer.texts, item_id: answer.texts.get(item_id, "") + text}
    answers = {**state.answers, name: replace(answer, texts=texts)}
    return replace(state, answers=answers), tuple(effects)


def _item_done(state: State, event: Event) -> Step:
    name = event["response_id"]
    item = read_item(event["item"])
    answer = state.answers.get(name)
    if item is None or answer is None:
        return state, ()
    state = replace(state, items=replaced(state.items, item))
    if answer.hushed:
        return state, ()
    if isinstance(item, FunctionCall):
        whole = event["item"].get("status") != "incomplete"
        return state, (Called(response_id=name, call=item),) if whole else ()
    return state, (MessageEnded(response_id=name, item_id=item.id),)


def _done(state: State, event: Event) -> Step:
    response = event["response"]
    name = response["id"]
    answers = {each: answer for each, answer in state.answers.items() if each != name}
    known = name in state.answers
    state = replace(state, answers=answers, occupied=False)
    if not known:
        return _never_begun(state, response)
    state, asked = ask_next(state)
    measured = Measured(
        response_id=name,
        tokens=read_usage(response.get("usage") or {}),
        cancelled=response.get("status") == "cancelled",
    )
    return state, (Hushed(response_id=name), measured, *_failure(response), *asked)


def _never_begun(state: State, response: Mapping[str, Any]) -> Step:
    """An answer that is over without having begun: who asked for it waits no longer."""
    error = read_error(_complaint(response), "an answer did not begin")
    state, refused = refuse(state, _question_of(response), error)
    state, asked = ask_next(state)
    return state, (*refused, *_failure(response), *asked)


def _question_of(response: Mapping[str, Any]) -> str | None:
    return (response.get("metadata") or {}).get("client_event_id")


def _failure(response: Mapping[str, Any]) -> tuple[Effect, ...]:
    if response.get("status") != "failed":
        return ()
    said = _complaint(response)
    return (Failed(error=read_error(said, "an answer failed"), fatal=is_fatal(said)),)


def _complaint(response: Mapping[str, Any]) -> Mapping[str, Any]:
    return (response.get("status_details") or {}).get("error") or {}


def read_usage(usage: Mapping[str, Any]) -> dict[str, int]:
    """The tokens of an answer, as the core's metrics call them."""
    heard = usage.get("input_token_details") or {}
    said = usage.get("output_token_details") or {}
    told, made = usage.get("input_tokens") or 0, usage.get("output_tokens") or 0
    return {
        "input_tokens": told,
        "output_tokens": made,
        "total_tokens": usage.get("total_tokens") or told + made,
        "input_audio_tokens": heard.get("audio_tokens") or 0,
        "input_text_tokens": heard.get("text_tokens") or 0,
        "input_cached_tokens": heard.get("cached_tokens") or 0,
        "output_audio_tokens": said.get("audio_tokens") or 0,
        "output_text_tokens": said.get("text_tokens") or 0,
    }


ANSWERS: Mapping[str, Callable[[State, Event], Step]] = {
    "response.created": _created,
    "response.content_part.added": _part_added,
    "response.output_text.delta": _text,
    "response.output_audio_transcript.delta": _transcript,
    "response.output_audio.delta": _sound,
    "response.output_item.done": _item_done,
    "response.done": _done,
}
"""What follows from each event about an answer."""
