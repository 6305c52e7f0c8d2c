"""A conversation as OpenAI's chat completions take it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from agents_core.audio import combine, wav_bytes
from agents_core.chat.context import ChatContext
from agents_core.chat.formats.turns import Turn, turns
from agents_core.chat.items import (
    AudioContent,
    ChatContent,
    ChatMessage,
    FunctionCall,
    ImageContent,
)

InstructionRole = Literal["developer", "system"]


def to_openai(
    context: ChatContext, *, instruction_role: InstructionRole | None = None
) -> list[dict[str, Any]]:
    """The `messages` of a request.

    What a call's `extra` has under "openai" is added to the call.

    Args:
        context: the conversation.
        instruction_role: who gives instructions, for services that know one role only; None for
            the role of each message.
    """
    return [message for turn in turns(context) for message in _messages(turn, instruction_role)]


def _messages(turn: Turn, instruction_role: InstructionRole | None) -> Iterator[dict[str, Any]]:
    message: dict[str, Any] = {"role": "assistant"}
    if turn.message is not None:
        message = _message(turn.message, instruction_role)
    if turn.calls:
        message["tool_calls"] = [_tool_call(call) for call, _ in turn.calls]
    if len(message) > 1:
        yield message
    for call, output in turn.calls:
        yield {"role": "tool", "tool_call_id": call.call_id, "content": output.output}


def _message(message: ChatMessage, instruction_role: InstructionRole | None) -> dict[str, Any]:
    role: str = message.role
    if instruction_role is not None and role in ("developer", "system"):
        role = instruction_role
    content = _content(message.content, role)
    return {"role": role, "content": content} if content else {"role": role}


def _content(content: Iterable[ChatContent], role: str) -> str | list[dict[str, Any]]:
    """Text where there is nothing else; users alone may show pictures and be heard."""
    parts = [part for each in content for part in _part(each)]
    if role != "user" or all(part["type"] == "text" for part in parts):
        return "\n".join(part["text"] for part in parts if part["type"] == "text")
    return parts


def _part(content: ChatContent) -> Iterator[dict[str, Any]]:
    match content:
        case str():
            if content:
                yield {"type": "text", "text": content}
        case ImageContent():
            image = {"url": _url(content), "detail": content.inference_detail}
            yield {"type": "image_url", "image_url": image}
        case AudioContent(transcript=str() as transcript):
            yield {"type": "text", "text": transcript}
        case AudioContent(frames=frames) if frames:
            sound = base64.b64encode(wav_bytes(combine(frames))).decode()
            yield {"type": "input_audio", "input_audio": {"data": sound, "format": "wav"}}
        case AudioContent():
            pass


def _url(content: ImageContent) -> str:
    if isinstance(content.image, str):
        return content.image
    return f"data:{content.mime_type};base64,{base64.b64encode(content.image).decode()}"


def _tool_call(call: FunctionCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    extra = call.extra.get("openai")
    own = extra if isinstance(extra, dict) else {}
    return own | {"id": call.call_id, "type": "function", "function": function}
