"""Items as JSON holds them, and back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from agents_core.audio import AudioFrame
from agents_core.chat.items import (
    AgentHandoff,
    AudioContent,
    ChatContent,
    ChatItem,
    ChatMessage,
    ChatRole,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)

_KINDS: dict[str, Callable[..., ChatItem]] = {
    "message": ChatMessage,
    "function_call": FunctionCall,
    "function_call_output": FunctionCallOutput,
    "agent_handoff": AgentHandoff,
}
_ROLES = {role: role for role in get_args(ChatRole)}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """What a record goes without."""

    image: bool = False
    audio: bool = False
    timestamp: bool = False
    metrics: bool = False


def record(item: ChatItem, leave_out: LeaveOut) -> dict[str, Any]:
    """The item as JSON holds it."""
    fields = {name: getattr(item, name) for name in item.__slots__}
    if isinstance(item, ChatMessage):
        fields["content"] = [
            _part_record(part) for part in item.content if not _left_out(part, leave_out)
        ]
        fields["metrics"] = {} if leave_out.metrics else dict(item.metrics)
    if leave_out.timestamp:
        del fields["created_at"]
    if "extra" in fields:
        fields["extra"] = dict(fields["extra"])
    return {"type": item.type} | fields


def items(record: Mapping[str, Any]) -> Iterable[ChatItem]:
    """The items of the record of a conversation.

    Raises:
        ValueError: it is no such record; the message tells the item.
    """
    match record:
        case {"items": [*entries]}:
            return [_item(entry, at) for at, entry in enumerate(entries)]
        case _:
            raise ValueError('no record of a conversation: it has no list of "items"')


def _item(entry: Mapping[str, Any], at: int) -> ChatItem:
    try:
        fields = dict(entry)
        make = _KINDS[fields.pop("type")]
        if make is ChatMessage:
            fields["content"] = tuple(_part(part) for part in fields["content"])
            fields["role"] = _ROLES[fields["role"]]
        return make(**fields)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"item {at} of the record cannot be read: {error!r}") from error


def _left_out(part: ChatContent, leave_out: LeaveOut) -> bool:
    return (leave_out.image and isinstance(part, ImageContent)) or (
        leave_out.audio and isinstance(part, AudioContent)
    )


def _part_record(part: ChatContent) -> str | dict[str, Any]:
    match part:
        case str():
            return part
        case ImageContent(image=bytes() as image):
            return _image_record(part) | {"data": base64.b64encode(image).decode()}
        case ImageContent(image=url):
            return _image_record(part) | {"image": url}
        case AudioContent():
            frames = [_frame_record(frame) for frame in part.frames]
            return {"type": "audio_content", "frames": frames, "transcript": part.transcript}


def _image_record(part: ImageContent) -> dict[str, Any]:
    return {
        "type": "image_content",
        "id": part.id,
        "mime_type": part.mime_type,
        "inference_detail": part.inference_detail,
    }


def _frame_record(frame: AudioFrame) -> dict[str, Any]:
    return {
        "data": base64.b64encode(frame.data).decode(),
        "sample_rate": frame.sample_rate,
        "num_channels": frame.num_channels,
    }


def _part(part: str | Mapping[str, Any]) -> ChatContent:
    if isinstance(part, str):
        return part
    fields = dict(part)
    match fields.pop("type"):
        case "image_content":
            if "data" in fields:
                fields["image"] = base64.b64decode(fields.pop("data"), validate=True)
            return ImageContent(**fields)
        case "audio_content":
            frames = tuple(_frame(frame) for frame in fields["frames"])
            return AudioContent(frames=frames, transcript=fields.get("transcript"))
        case kind:
            raise ValueError(f"no content: {kind!r}")


def _frame(frame: Mapping[str, Any]) -> AudioFrame:
    data = base64.b64decode(frame["data"], validate=True)
    return AudioFrame(data, frame["sample_rate"], frame["num_channels"])
