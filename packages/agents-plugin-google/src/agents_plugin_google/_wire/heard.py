"""What Google says in a conversation, message by message."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_core.chat import FunctionCall
from agents_core.chat.items import new_id
from agents_plugin_google._wire.answers import signature
from agents_plugin_google._wire.spent import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message; of what can be in it, most messages have one thing."""

    ready: bool = False
    """Whether the conversation can begin."""
    said: str = ""
    """What the user said, a piece of it."""
    said_all: bool = False
    """Whether this was the last piece of what the user said."""
    interrupted: bool = False
    """Whether the answer breaks off, because of the user or of us."""
    sound: bytes = b""
    written: str = ""
    """Text in the answer itself."""
    spoken: str = ""
    """What is said in the sound of the answer, a piece of it."""
    calls: tuple[FunctionCall, ...] = ()
    calls_off: tuple[str, ...] = ()
    """Calls that need no answer any more, by their ids."""
    answer_made: bool = False
    """Whether all of the answer has been sent."""
    turn_over: bool = False
    """Whether the answer would have been listened to by now."""
    activity: bool | None = None
    """Whether the user began to speak, or stopped; None where nothing is told."""
    usage: Mapping[str, Any] | None = None
    """What was used up, by the names that the core has for it."""
    handle: str | None = None
    """By which to go on with the conversation as it is now."""
    going_away: bool = False
    """Whether the connection will be closed soon."""


def parse_message(data: str | bytes) -> Heard:
    """A message, whether it came as text or as bytes.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: it is malformed.
    """
    message: Mapping[str, Any] = json.loads(data)
    content = message.get("serverContent", {})
    transcript = content.get("inputTranscription", {})
    resumption = message.get("sessionResumptionUpdate", {})
    parts = [p for p in content.get("modelTurn", {}).get("parts", ()) if not p.get("thought")]
    calls = message.get("toolCall", {"functionCalls": ()})["functionCalls"]
    return Heard(
        ready="setupComplete" in message,
        said=transcript.get("text", ""),
        said_all=transcript.get("finished", False),
        interrupted=content.get("interrupted", False),
        sound=b"".join(_sound(part) for part in parts),
        written="".join(part.get("text", "") for part in parts),
        spoken=content.get("outputTranscription", {}).get("text", ""),
        calls=tuple(_call(each) for each in calls),
        calls_off=tuple(message.get("toolCallCancellation", {}).get("ids", ())),
        answer_made=content.get("generationComplete", False),
        turn_over=content.get("turnComplete", False),
        activity=_activity(message.get("voiceActivity", {})),
        usage=tokens(message["usageMetadata"]) if "usageMetadata" in message else None,
        handle=resumption.get("newHandle") if resumption.get("resumable") else None,
        going_away="goAway" in message,
    )


def _sound(part: Mapping[str, Any]) -> bytes:
    return (
        base64.b64decode(part["inlineData"]["data"], validate=True) if "inlineData" in part else b""
    )


def _call(call: Mapping[str, Any]) -> FunctionCall:
    return FunctionCall(
        call_id=call.get("id") or new_id("call_"),  # Vertex AI goes by the names
        name=call["name"],
        arguments=json.dumps(call.get("args", {}), ensure_ascii=False),
        extra=signature(call) or {},
    )


def _activity(told: Mapping[str, Any]) -> bool | None:
    return {"ACTIVITY_START": True, "ACTIVITY_END": False}.get(told.get("voiceActivityType", ""))
