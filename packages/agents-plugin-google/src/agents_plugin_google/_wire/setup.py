"""How a conversation begins: the message that says who is to talk, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents_core.tools import FunctionTool, tools_to_google
from agents_plugin_google import models
from agents_plugin_google._wire.chat import Fields
from agents_plugin_google._wire.naming import camel, given
from agents_plugin_google._wire.schemas import to_schema
from agents_plugin_google._wire.speech import speech_config


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Who talks, and how; what is None is left to Google."""

    model: str = models.DEFAULT_REALTIME_MODEL
    voice: str = models.DEFAULT_REALTIME_VOICE
    language: str | None = None
    modalities: tuple[str, ...] = ("AUDIO",)
    candidate_count: int | None = None
    temperature: float | None = None
    max_output_tokens: int | None = None
    top_p: float | None = None
    top_k: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    media_resolution: str | None = None
    thinking_config: Fields | None = None
    enable_affective_dialog: bool | None = None
    proactivity: bool | None = None
    input_audio_transcription: Fields | None = field(default_factory=dict)
    output_audio_transcription: Fields | None = field(default_factory=dict)
    realtime_input_config: Fields | None = None
    context_window_compression: Fields | None = None
    session_resumption: Fields | None = field(default_factory=dict)
    tool_behavior: str | None = None
    tool_response_scheduling: str | None = None
    gemini_tools: tuple[Fields, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether it answers in sound."""
        return "AUDIO" in self.modalities

    @property
    def writes(self) -> bool:
        """Whether text in the answer itself is what is said, and not what is thought of it."""
        return not self.speaks or self.output_audio_transcription is None

    @property
    def decides_turns(self) -> bool:
        """Whether Google finds out by itself when the user has spoken."""
        detection = camel(self.realtime_input_config or {}).get("automaticActivityDetection", {})
        return not detection.get("disabled", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a connection is opened with; another one needs another connection."""

    instructions: str = ""
    tools: tuple[FunctionTool, ...] = ()
    talk: Talk = field(default_factory=Talk)


def format_setup(beginning: Beginning, *, name: str, handle: str | None) -> dict[str, Any]:
    """The first message.

    Args:
        beginning: what is wanted.
        name: of the model, as Google calls it.
        handle: of the conversation to go on with; None for a new one.

    Raises:
        ValueError: the schema of a tool refers to itself.
    """
    talk, instructions = beginning.talk, beginning.instructions
    resumption = talk.session_resumption
    if resumption is not None:
        resumption = {**resumption, "handle": handle} if handle else {**resumption}
    proactivity = None if talk.proactivity is None else {"proactive_audio": talk.proactivity}
    setup = {
        "model": name,
        "generation_config": _generation(talk),
        "system_instruction": {"parts": [{"text": instructions}]} if instructions else None,
        "tools": _tools(beginning.tools, talk) or None,
        "input_audio_transcription": talk.input_audio_transcription,
        "output_audio_transcription": talk.output_audio_transcription if talk.speaks else None,
        "realtime_input_config": talk.realtime_input_config,
        "context_window_compression": talk.context_window_compression,
        "session_resumption": resumption,
        "proactivity": proactivity,
    }
    return {"setup": given(setup)}


def _generation(talk: Talk) -> dict[str, Any]:
    config = {
        "response_modalities": talk.modalities,
        "speech_config": speech_config(talk.voice, talk.language) if talk.speaks else None,
        "candidate_count": talk.candidate_count,
        "temperature": talk.temperature,
        "max_output_tokens": talk.max_output_tokens,
        "top_p": talk.top_p,
        "top_k": talk.top_k,
        "presence_penalty": talk.presence_penalty,
        "frequency_penalty": talk.frequency_penalty,
        "media_resolution": talk.media_resolution,
        "thinking_config": talk.thinking_config,
        "enable_affective_dialog": talk.enable_affective_dialog,
    }
    return given(config)


def _tools(tools: Iterable[FunctionTool], talk: Talk) -> list[Mapping[str, Any]]:
    """Google's own, and the user's; a name within a schema stays as it is."""
    declared = [_declaration(each, talk.tool_behavior) for each in tools_to_google(tools)]
    own = [camel(tool) for tool in talk.gemini_tools]
    return [*own, *([{"functionDeclarations": declared}] if declared else [])]


def _declaration(tool: Mapping[str, Any], behavior: str | None) -> dict[str, Any]:
    schema = to_schema(tool["parameters_json_schema"])
    made = {"name": tool["name"], "description": tool["description"]}
    if schema.get("properties"):  # an object without any is refused
        made["parameters"] = schema
    return made if behavior is None else made | {"behavior": behavior}
