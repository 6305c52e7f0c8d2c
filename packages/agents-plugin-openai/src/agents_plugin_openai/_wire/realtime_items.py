"""Items of a conversation, as the core and as the service write them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from agents_core.audio import MonoResampler, combine
from agents_core.chat import (
    AgentHandoff,
    AudioContent,
    ChatContent,
    ChatItem,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)
from agents_plugin_openai import models
from agents_plugin_openai._wire.realtime_options import Dialect
from agents_plugin_openai._wire.realtime_state import Change, Creation, Deletion

_ROLES: Mapping[str, str] = {"developer": "system"}
_TEXTS = ("input_text", "output_text", "text")


def format_item(item: ChatItem, dialect: Dialect = "ga") -> dict[str, object] | None:
    """The item for the service; None where it would be empty, or is none of its business."""
    match item:
        case ChatMessage():
            role = _ROLES.get(item.role, item.role)
            content = [part for each in item.content for part in _parts(each, role, dialect)]
            message = {"type": "message", "id": item.id, "role": role}
            return {**message, "content": content} if content else None
        case FunctionCall():
            call = {"call_id": item.call_id, "name": item.name, "arguments": item.arguments}
            return {"type": "function_call", "id": item.id, **call}
        case FunctionCallOutput():
            output = {"call_id": item.call_id, "output": item.output}
            return {"type": "function_call_output", "id": item.id, **output}
        case AgentHandoff():
            return None


def read_item(item: Mapping[str, Any]) -> ChatItem | None:
    """The item of the service; None for kinds that the core does not know."""
    match item["type"]:
        case "message":
            content = tuple(part for each in item.get("content") or () for part in _read(each))
            return ChatMessage(id=item["id"], role=item["role"], content=content)
        case "function_call":
            return FunctionCall(
                id=item["id"],
                call_id=item["call_id"],
                name=item["name"],
                arguments=item.get("arguments") or "{}",
            )
        case "function_call_output":
            return FunctionCallOutput(
                id=item["id"],
                call_id=item["call_id"],
                name="",  # the service has no name for it
                output=item["output"],
                is_error=False,
            )
        case _:
            return None


def with_text(item: ChatItem, text: str, *, interrupted: bool = False) -> ChatItem:
    """A message that says just this; any other item as it is."""
    if not isinstance(item, ChatMessage):
        return item
    return replace(item, content=(text,), interrupted=interrupted)


def replaced(items: Iterable[ChatItem], item: ChatItem) -> tuple[ChatItem, ...]:
    """The conversation with a newer word on one item, of which all else stays as it is.

    A message without content is none: the words of what was heard come by themselves.
    """
    return tuple(_newer(each, item) if each.id == item.id else each for each in items)


def _newer(old: ChatItem, new: ChatItem) -> ChatItem:
    match old, new:
        case ChatMessage(), ChatMessage(content=content) if content:
            same = old.text_content == new.text_content
            return old if same else replace(old, content=content)
        case FunctionCall(), FunctionCall():
            return replace(old, name=new.name, call_id=new.call_id, arguments=new.arguments)
        case _:
            return old


def conversation(items: Iterable[ChatItem], pending: Iterable[Change]) -> tuple[ChatItem, ...]:
    """The conversation once the changes are made."""
    made = tuple(items)
    for change in pending:
        made = changed(made, change)
    return made


def changed(items: Sequence[ChatItem], change: Change) -> tuple[ChatItem, ...]:
    """The conversation with one change; an item stands at the end where its place is unknown."""
    if isinstance(change, Deletion):
        return tuple(item for item in items if item.id != change.item_id)
    names = [item.id for item in items]
    at = len(items)
    if change.after == "root":
        at = 0
    elif change.after in names:
        at = names.index(change.after) + 1
    return (*items[:at], change.item, *items[at:])


def changes(
    known: Sequence[ChatItem], wanted: Iterable[ChatItem], dialect: Dialect = "ga"
) -> tuple[Change, ...]:
    """What makes `wanted` of `known`; what cannot be told is left out."""
    told = tuple(wanted)
    kept = _kept(known, told)
    gone = tuple(Deletion(item_id=item.id) for item in known if item.id not in kept)
    new = []
    after = "root"
    for item in told:
        if item.id not in kept and format_item(item, dialect) is None:
            continue
        if item.id not in kept:
            new.append(Creation(item=item, after=after))
        after = item.id
    return (*gone, *new)


def _kept(known: Sequence[ChatItem], wanted: Sequence[ChatItem]) -> set[str]:
    """The items that may stay where they are."""
    matcher = SequenceMatcher(
        None, [item.id for item in known], [item.id for item in wanted], autojunk=False
    )
    return {
        known[block.a + step].id
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
        if _says_the_same(known[block.a + step], wanted[block.b + step])
    }


def _says_the_same(one: ChatItem, other: ChatItem) -> bool:
    texts = [each.text_content if isinstance(each, ChatMessage) else None for each in (one, other)]
    said = [text.strip() for text in texts if text is not None and text.strip()]
    return len(set(said)) <= 1


def _parts(content: ChatContent, role: str, dialect: Dialect) -> Iterator[dict[str, object]]:
    match content:
        case str(text) | AudioContent(transcript=str(text)):
            if text:
                yield {"type": _text_type(role, dialect), "text": text}
        case AudioContent(frames=frames) if frames and role == "user":
            yield {"type": "input_audio", "audio": _sound(content)}
        case ImageContent() if role == "user":
            yield {"type": "input_image", "image_url": _url(content)}
        case _:
            pass


def _text_type(role: str, dialect: Dialect) -> str:
    if role != "assistant":
        return "input_text"
    return "text" if dialect == "beta" else "output_text"


def _sound(content: AudioContent) -> str:
    resampler = MonoResampler(sample_rate=models.REALTIME_SAMPLE_RATE)
    frames = [each for frame in content.frames for each in resampler.push(frame)]
    return base64.b64encode(combine([*frames, *resampler.flush()]).data).decode()


def _url(content: ImageContent) -> str:
    if isinstance(content.image, str):
        return content.image
    return f"data:{content.mime_type};base64,{base64.b64encode(content.image).decode()}"


def _read(part: Mapping[str, Any]) -> Iterator[ChatContent]:
    if part["type"] == "input_image":
        if url := part.get("image_url"):
            yield ImageContent(image=url)
    elif said := part.get("text" if part["type"] in _TEXTS else "transcript"):
        yield said
