"""What a realtime service takes, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.vendor import Asked

if TYPE_CHECKING:
    from agents_plugins_test.vendors.openai.realtime_conversation import Conversation

_LONGEST_NAME = 32
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "message": ("role", "content"),
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
}
_GA = frozenset(
    {
        "type", "model", "output_modalities", "audio", "instructions", "tools", "tool_choice",
        "max_output_tokens", "tracing", "truncation", "include", "prompt",
    }
)  # fmt: skip
_BETA = frozenset(
    {
        "modalities", "voice", "input_audio_format", "output_audio_format", "turn_detection",
        "input_audio_transcription", "input_audio_noise_reduction", "temperature", "speed",
        "max_response_output_tokens", "tracing", "instructions", "tools", "tool_choice",
    }
)  # fmt: skip
_XAI = _GA | {"voice", "turn_detection"}
_MODES = ({"server_vad", "semantic_vad"}, {"near_field", "far_field"})


class Wrong(Exception):
    """What was sent is not done."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


def checked_session(
    old: Mapping[str, Any], new: Mapping[str, Any], *, beta: bool, xai: bool = False
) -> dict[str, Any]:
    """The session with what is new.

    Raises:
        Wrong: there is no such setting.
    """
    if not beta and new.get("type") != "realtime":
        raise Wrong("session.type is missing", code="missing_required_parameter")
    if unknown := set(new) - (_BETA if beta else _XAI if xai else _GA):
        raise Wrong(f"unknown parameters {sorted(unknown)}", code="unknown_parameter")
    if new.get("output_modalities", ["audio"]) not in (["audio"], ["text"]):
        raise Wrong("one modality, and no more", code="invalid_value")
    for tool in new.get("tools", ()):
        if set(tool) != {"type", "name", "description", "parameters"}:
            raise Wrong("no tool", code="invalid_value")
    if new.get("audio"):
        _check_audio(new["audio"], xai=xai)
    return {**old, **new}


def checked_item(item: Mapping[str, Any], after: str | None, talk: Conversation) -> dict[str, Any]:
    """The item.

    Raises:
        Wrong: it cannot be part of the conversation, or not there.
    """
    names = {each["id"] for each in talk.items}
    if lacks := set(_NEEDS[item["type"]]) - set(item):
        raise Wrong(f"the item lacks {sorted(lacks)}", code="missing_required_parameter")
    if len(item.get("id", "")) > _LONGEST_NAME or item.get("id") in names:
        raise Wrong("the id is taken, or too long", code="invalid_value")
    if after not in {None, "root"} | names:
        raise Wrong(f"there is no item {after}", code="item_not_found")
    written = "text" if talk.beta else "output_text"
    wants = {"assistant": {written}, "system": {"input_text"}}.get(
        item.get("role", ""), {"input_text", "input_audio", "input_image"}
    )
    if any(part["type"] not in wants for part in item.get("content", ())):
        raise Wrong("content that nobody of this role has", code="invalid_value")
    return {**item, "status": "completed"}


def request_of(talk: Conversation) -> Asked:
    """The conversation, in the words of the core."""
    instructions = talk.session.get("instructions")
    first = [] if instructions is None else [("system", instructions)]
    choice = talk.session.get("tool_choice", "auto")
    return Asked(
        messages=(*first, *map(_message, talk.items)),
        tools={tool["name"]: tool["parameters"] for tool in talk.session.get("tools", ())},
        tool_choice=choice if isinstance(choice, str) else choice["name"],
    )


def heard_last(items: Iterable[Mapping[str, Any]]) -> str:
    """What the last item says."""
    said = [_message(item)[1] for item in items]
    return said[-1] if said else ""


def _message(item: Mapping[str, Any]) -> tuple[str, str]:
    match item["type"]:
        case "function_call":
            return "call", item["name"]
        case "function_call_output":
            return "output", item["output"]
        case _:
            parts = item["content"]
            texts = (part.get("text") or part.get("transcript") or "" for part in parts)
            return item["role"], item.get("heard") or "\n".join(filter(None, texts))


def _check_audio(audio: Mapping[str, Any], *, xai: bool) -> None:
    if xai and ("voice" in audio["output"] or "turn_detection" in audio["input"]):
        raise Wrong("voice and turn detection do not belong there", code="unknown_parameter")
    for side in audio.values():
        if side["format"] != {"type": "audio/pcm", "rate": 24_000}:
            raise Wrong("no such format", code="invalid_value")
    for name, kinds in zip(("turn_detection", "noise_reduction"), _MODES, strict=True):
        setting = audio["input"].get(name)
        if setting is not None and setting["type"] not in kinds:
            raise Wrong(f"no such {name}", code="invalid_value")
