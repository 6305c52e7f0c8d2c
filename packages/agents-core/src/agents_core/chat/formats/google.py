"""A conversation as Gemini takes it."""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agents_core.audio import combine, wav_bytes
from agents_core.chat.context import ChatContext
from agents_core.chat.formats.turns import Turn, turns
from agents_core.chat.items import (
    AudioContent,
    ChatContent,
    ChatMessage,
    FunctionCall,
    FunctionCallOutput,
    ImageContent,
)

_NOTHING_SAID = "."
"""For a user who has not said anything: Gemini answers users only."""
_DATA_URL = re.compile(
    r"data:(?P<mime>[\w.+-]+/[\w.+-]+)(?:;[\w=-]+)*;base64,(?P<data>.*)", re.DOTALL
)
_UNKNOWN_IMAGE = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleChat:
    """What a request needs of a conversation."""

    contents: list[dict[str, Any]]
    """Turns of "user" and "model", as dictionaries that the SDK takes; data are bytes."""
    system_instruction: str | None
    """All that the system and the developer said; None where they did not."""


def to_google(context: ChatContext) -> GoogleChat:
    """The conversation for a request.

    It begins and ends with the user's turn, made up where need be. What a call's `extra` has under
    "google", such as a thought signature, is put beside the call.
    """
    contents: list[dict[str, Any]] = []
    instructions: list[str] = []
    for turn in turns(context):
        if turn.message is not None and turn.message.role in ("system", "developer"):
            instructions.append(turn.message.text_content or "")
            continue
        for role, parts in _turn(turn):
            _add(contents, role, parts)
    if not contents or contents[0]["role"] != "user":
        contents.insert(0, {"role": "user", "parts": [{"text": _NOTHING_SAID}]})
    if contents[-1]["role"] != "user":
        _add(contents, "user", [{"text": _NOTHING_SAID}])
    instruction = "\n".join(filter(None, instructions)) or None
    return GoogleChat(contents=contents, system_instruction=instruction)


def _add(contents: list[dict[str, Any]], role: str, parts: list[dict[str, Any]]) -> None:
    """Turns of one role in a row are one turn."""
    if not parts:
        return
    if contents and contents[-1]["role"] == role:
        contents[-1]["parts"] += parts
    else:
        contents.append({"role": role, "parts": parts})


def _turn(turn: Turn) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if turn.message is not None:
        yield _role(turn.message), [part for each in turn.message.content for part in _part(each)]
    yield "model", [_call(call) for call, _ in turn.calls]
    yield "user", [_response(output) for _, output in turn.calls]


def _role(message: ChatMessage) -> str:
    return "model" if message.role == "assistant" else "user"


def _part(content: ChatContent) -> Iterator[dict[str, Any]]:
    match content:
        case str():
            if content:
                yield {"text": content}
        case ImageContent():
            yield _image(content)
        case AudioContent(transcript=str() as transcript):
            yield {"text": transcript}
        case AudioContent(frames=frames) if frames:
            yield _inline(wav_bytes(combine(frames)), "audio/wav")
        case AudioContent():
            pass


def _image(content: ImageContent) -> dict[str, Any]:
    if isinstance(content.image, bytes):
        return _inline(content.image, content.mime_type or _UNKNOWN_IMAGE)
    if inline := _DATA_URL.fullmatch(content.image):
        try:
            return _inline(base64.b64decode(inline["data"], validate=True), inline["mime"])
        except binascii.Error as error:
            raise ValueError("the data URL of an image cannot be read") from error
    mime_type = content.mime_type or mimetypes.guess_type(content.image)[0] or _UNKNOWN_IMAGE
    return {"file_data": {"file_uri": content.image, "mime_type": mime_type}}


def _inline(data: bytes, mime_type: str) -> dict[str, Any]:
    return {"inline_data": {"data": data, "mime_type": mime_type}}


def _call(call: FunctionCall) -> dict[str, Any]:
    function = {"id": call.call_id, "name": call.name, "args": _arguments(call.arguments)}
    extra = call.extra.get("google")
    own = extra if isinstance(extra, dict) else {}
    return own | {"function_call": function}


def _arguments(written: str) -> dict[str, Any]:
    """What the model wrote; nothing where it was no object, which the answer has told it."""
    try:
        arguments = json.loads(written or "{}")
    except (ValueError, RecursionError):
        return {}
    return arguments if isinstance(arguments, dict) else {}


def _response(output: FunctionCallOutput) -> dict[str, Any]:
    said = {"error" if output.is_error else "output": output.output}
    response = {"id": output.call_id, "name": output.name, "response": said}
    return {"function_response": response}
