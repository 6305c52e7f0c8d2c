"""What is said to Google in a conversation, once it has begun."""

from __future__ import annotations

import base64
from collections.abc import Container, Iterable, Mapping
from typing import Any

from agents_core.chat import ChatContext, ChatItem, ChatMessage, FunctionCall, FunctionCallOutput
from agents_core.chat.formats import to_google
from agents_plugin_google import models
from agents_plugin_google._wire.naming import camel

_SOUND = f"audio/pcm;rate={models.REALTIME_INPUT_SAMPLE_RATE}"
_NOTHING_SAID = [{"text": "."}]
"""What `to_google` has a user say, where a request needs one."""

ACTIVITY_START: dict[str, Any] = {"realtimeInput": {"activityStart": {}}}
ACTIVITY_END: dict[str, Any] = {"realtimeInput": {"activityEnd": {}}}
STREAM_END: dict[str, Any] = {"realtimeInput": {"audioStreamEnd": True}}
STOP: dict[str, Any] = {"clientContent": {"turnComplete": False}}
"""Any content interrupts an answer, even none."""


def format_sound(samples: bytes) -> dict[str, Any]:
    """The user goes on to speak."""
    sound = {"data": base64.b64encode(samples).decode(), "mimeType": _SOUND}
    return {"realtimeInput": {"audio": sound}}


def format_image(image: bytes, mime_type: str) -> dict[str, Any]:
    """What the user shows."""
    picture = {"data": base64.b64encode(image).decode(), "mimeType": mime_type}
    return {"realtimeInput": {"video": picture}}


def format_question(instructions: str | None) -> dict[str, Any]:
    """Answer now: `instructions`, where there are some, else what was said."""
    content: dict[str, Any] = {"turnComplete": True}
    if instructions:
        content["turns"] = [{"role": "user", "parts": [{"text": instructions}]}]
    return {"clientContent": content}


def format_items(items: Iterable[ChatItem]) -> dict[str, Any] | None:
    """These were said, which needs no answer yet; None where nothing was."""
    turns = to_google(ChatContext(items)).contents
    if turns[-1]["parts"] == _NOTHING_SAID:
        turns = turns[:-1]
    if turns and turns[0]["parts"] == _NOTHING_SAID:
        turns = turns[1:]
    return {"clientContent": {"turns": camel(turns), "turnComplete": False}} if turns else None


def format_outputs(
    outputs: Iterable[FunctionCallOutput], *, scheduling: str | None = None
) -> dict[str, Any]:
    """What tools answered that the model has called, and waits for."""
    responses = []
    for output in outputs:
        said = {"error" if output.is_error else "output": output.output}
        response: dict[str, Any] = {"id": output.call_id, "name": output.name, "response": said}
        responses.append(response if scheduling is None else response | {"scheduling": scheduling})
    return {"toolResponse": {"functionResponses": responses}}


def turn_down(calls: Iterable[FunctionCall]) -> dict[str, Any]:
    """The model is to answer without these tools."""
    return format_outputs(
        FunctionCallOutput(
            call_id=call.call_id,
            name=call.name,
            output="no tool may be called now: answer without",
            is_error=True,
        )
        for call in calls
    )


def sort_outputs(
    items: Iterable[ChatItem], *, awaited: Container[str], called_off: Container[str]
) -> tuple[list[FunctionCallOutput], list[ChatItem]]:
    """Outputs that Google waits for, and all else that it wants to know.

    Args:
        items: what is new.
        awaited: the calls that Google waits for.
        called_off: those that it has called off.
    """
    outputs: list[FunctionCallOutput] = []
    others: list[ChatItem] = []
    for item in items:
        if not isinstance(item, FunctionCallOutput):
            others.append(item)
        elif item.call_id in awaited:
            outputs.append(item)
        elif item.call_id not in called_off:
            others.append(item)
    return outputs, others


def answered_by(items: Iterable[ChatItem]) -> set[str]:
    """The calls whose outputs are among these."""
    return {item.call_id for item in items if isinstance(item, FunctionCallOutput)}


def with_calls(items: Iterable[ChatItem], known: Iterable[ChatItem]) -> list[ChatItem]:
    """The same, with the call before each output, of those that are known: none goes without."""
    calls = {item.call_id: item for item in known if isinstance(item, FunctionCall)}
    complete: list[ChatItem] = []
    for item in items:
        if isinstance(item, FunctionCallOutput) and item.call_id in calls:
            complete.append(calls.pop(item.call_id))
        elif isinstance(item, FunctionCall):
            calls.pop(item.call_id, None)
        complete.append(item)
    return complete


def opens_turn(waiting: Iterable[Mapping[str, Any]], *, in_turn: bool) -> bool:
    """Whether a new connection has to be told that a turn goes on, which was begun on another.

    Args:
        waiting: what is going to be sent.
        in_turn: whether a turn goes on after all of that.
    """
    for message in waiting:
        if message in (ACTIVITY_START, ACTIVITY_END):
            return message == ACTIVITY_END
    return in_turn


def instructions_in(items: Iterable[ChatItem]) -> tuple[str, ...]:
    """What the system and the developer said, which Google takes at the beginning only."""
    return tuple(
        item.text_content or ""
        for item in items
        if isinstance(item, ChatMessage) and item.role in ("system", "developer")
    )


def only_added(before: ChatContext, after: ChatContext) -> tuple[ChatItem, ...] | None:
    """What `after` has more, at its end; None where it differs in anything else.

    Google keeps the conversation, and lets it only grow.
    """
    count = len(before)
    same = before.is_equivalent(ChatContext(after.items[:count]))
    return tuple(after.items[count:]) if same else None
