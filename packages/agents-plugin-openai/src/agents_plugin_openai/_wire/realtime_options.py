"""What a realtime conversation is set to, in the words of the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode, urlsplit

from agents_core.llm import ToolChoice
from agents_core.tools import FunctionTool
from agents_plugin_openai import models

Dialect: TypeAlias = Literal["ga", "beta", "xai"]
"""How settings are written: as generally available, as before that, or as xAI has them."""
Modality: TypeAlias = Literal["text", "audio"]

SEMANTIC_VAD: Mapping[str, object] = {
    "type": "semantic_vad",
    "eagerness": "medium",
    "create_response": True,
    "interrupt_response": True,
}
SERVER_VAD: Mapping[str, object] = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "silence_duration_ms": 200,
    "create_response": True,
    "interrupt_response": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What stays for all of a conversation; what is None is left to the service.

    But for the turn detection and the transcription, of which None turns them off.
    """

    model: str = models.DEFAULT_REALTIME_MODEL
    dialect: Dialect = "ga"
    voice: str | None = models.DEFAULT_REALTIME_VOICE
    modalities: tuple[Modality, ...] = ("audio",)
    turn_detection: Mapping[str, object] | None = None
    input_audio_transcription: Mapping[str, object] | None = None
    input_audio_noise_reduction: Mapping[str, object] | None = None
    temperature: float | None = None
    speed: float | None = None
    max_response_output_tokens: int | Literal["inf"] | None = None
    tracing: Literal["auto"] | Mapping[str, object] | None = None
    truncation: Literal["auto", "disabled"] | Mapping[str, object] | None = None

    @property
    def speaks(self) -> bool:
        """Whether answers are sound; else they are text."""
        return "audio" in self.modalities


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The options, and what may change while the conversation goes on."""

    options: Options
    instructions: str | None = None
    tools: tuple[FunctionTool, ...] = ()
    tool_choice: ToolChoice = "auto"


def format_session(setting: Setting) -> dict[str, object]:
    """All that a conversation is set to."""
    options = setting.options
    fixed = _beta(options) if options.dialect == "beta" else _ga(options)
    return fixed | _given({name: told(setting) for name, told in _CHANGEABLE.items()})


def format_change(setting: Setting, name: str) -> dict[str, object]:
    """One thing that has changed: ``instructions``, ``tools`` or ``tool_choice``."""
    kind = {} if setting.options.dialect == "beta" else {"type": "realtime"}
    return kind | {name: _CHANGEABLE[name](setting)}


def noise_reduction(kind: str | Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The setting for a kind of noise reduction, which may be given as a whole too."""
    return {"type": kind} if isinstance(kind, str) else kind


def headers(dialect: Dialect) -> dict[str, str]:
    """Those that say which protocol is spoken, where the service has a newer one."""
    return {"OpenAI-Beta": "realtime=v1"} if dialect == "beta" else {}


def realtime_url(base: str, query: Mapping[str, str]) -> str:
    """Where a conversation is asked for."""
    place = base if base.endswith("/realtime") else f"{base}/realtime"
    return f"{place}?{urlencode(query)}"


def azure_place(endpoint: str, deployment: str, version: str | None) -> tuple[str, dict[str, str]]:
    """The base URL and the query for a deployment; a version names the protocol of before."""
    whole = "/openai" in urlsplit(endpoint).path
    base = endpoint if whole else f"{endpoint}/openai"
    if version is not None:
        return base, {"api-version": version, "deployment": deployment}
    return base if base.endswith("/v1") else f"{base}/v1", {"model": deployment}


def _ga(options: Options) -> dict[str, object]:
    sound = {"type": "audio/pcm", "rate": models.REALTIME_SAMPLE_RATE}
    written = options.input_audio_transcription
    hears: dict[str, object] = {"format": sound, "transcription": written}
    says: dict[str, object] = {"format": sound}
    above: dict[str, object] = {}
    xai = options.dialect == "xai"
    (above if xai else hears)["turn_detection"] = options.turn_detection
    (above if xai else says).update(_given({"voice": options.voice}))
    hears |= _given({"noise_reduction": options.input_audio_noise_reduction})
    says |= _given({"speed": options.speed})
    return {
        "type": "realtime",
        "model": options.model,
        "output_modalities": ["audio" if options.speaks else "text"],
        "audio": {"input": hears, "output": says},
        **above,
        **_given(
            {
                "max_output_tokens": options.max_response_output_tokens,
                "tracing": options.tracing,
                "truncation": options.truncation,
            }
        ),
    }


def _beta(options: Options) -> dict[str, object]:
    return {
        "modalities": ["text", "audio"] if options.speaks else ["text"],
        "input_audio_format": "pcm16",
        "output_audio_format": "pcm16",
        "turn_detection": options.turn_detection,
        "input_audio_transcription": options.input_audio_transcription,
        **_given(
            {
                "voice": options.voice,
                "input_audio_noise_reduction": options.input_audio_noise_reduction,
                "temperature": options.temperature,
                "speed": options.speed,
                "max_response_output_tokens": options.max_response_output_tokens,
                "tracing": options.tracing,
            }
        ),
    }


def _tools(setting: Setting) -> list[dict[str, object]]:
    return [
        {
            "type": "function",
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
        }
        for tool in setting.tools
    ]


def _tool_choice(setting: Setting) -> object:
    choice = setting.tool_choice
    return choice if isinstance(choice, str) else {"type": "function", "name": choice.name}


def _given(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


_CHANGEABLE: Mapping[str, Callable[[Setting], object]] = {
    "instructions": lambda setting: setting.instructions,
    "tools": _tools,
    "tool_choice": _tool_choice,
}
