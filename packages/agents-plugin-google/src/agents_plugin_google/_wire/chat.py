"""What Gemini is asked for an answer in text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents_core.chat.formats import to_google
from agents_core.llm import ChatRequest, NamedToolChoice, ToolChoice
from agents_core.tools import tools_to_google
from agents_plugin_google import models
from agents_plugin_google._wire.naming import camel, given

Fields = Mapping[str, object]
"""Fields of Google's API, in its names or in Python's."""

_MODES = {"auto": "AUTO", "required": "ANY", "none": "NONE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """How a model answers; what is None is left to it."""

    model: str = models.DEFAULT_LLM_MODEL
    temperature: float | None = None
    max_output_tokens: int | None = None
    top_p: float | None = None
    top_k: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None
    stop_sequences: Sequence[str] | None = None
    media_resolution: str | None = None
    thinking_config: Fields | None = None
    safety_settings: Sequence[Fields] | None = None
    cached_content: str | None = None
    retrieval_config: Fields | None = None
    gemini_tools: Sequence[Fields] = ()
    tool_choice: ToolChoice | None = None


def format_request(request: ChatRequest, chat: Chat) -> dict[str, Any]:
    """The body that asks for an answer.

    Raises:
        ValueError: something in the conversation, or the schema of a tool, cannot be written so.
    """
    said = to_google(request.chat_ctx)
    body = given(
        {
            "contents": said.contents,
            "generation_config": _generation(request, chat) or None,
            "safety_settings": chat.safety_settings,
            "cached_content": chat.cached_content,
        }
    )
    if chat.cached_content is None:  # who has both is refused: the cache has its own
        body |= _instruction(said.system_instruction) | _tools(request, chat)
    return _merged(body, request.extra_kwargs)


def _generation(request: ChatRequest, chat: Chat) -> dict[str, Any]:
    schema = request.response_schema
    config = given(
        {
            "temperature": chat.temperature,
            "max_output_tokens": chat.max_output_tokens,
            "top_p": chat.top_p,
            "top_k": chat.top_k,
            "presence_penalty": chat.presence_penalty,
            "frequency_penalty": chat.frequency_penalty,
            "seed": chat.seed,
            "stop_sequences": chat.stop_sequences,
            "media_resolution": chat.media_resolution,
            "thinking_config": chat.thinking_config,
        }
    )
    if schema is not None:  # as it is: the names in it are the user's
        config |= {"responseMimeType": "application/json", "responseJsonSchema": schema}
    return config


def _instruction(text: str | None) -> dict[str, Any]:
    return {} if text is None else {"systemInstruction": {"parts": [{"text": text}]}}


def _tools(request: ChatRequest, chat: Chat) -> dict[str, Any]:
    tools = [camel(tool) for tool in chat.gemini_tools]
    config: dict[str, Any] = {}
    if request.tools:
        tools.append({"functionDeclarations": camel(tools_to_google(request.tools))})
        config["functionCallingConfig"] = _calling(request.tool_choice, chat.tool_choice)
    if chat.retrieval_config is not None:
        config["retrievalConfig"] = camel(chat.retrieval_config)
    return {name: value for name, value in (("tools", tools), ("toolConfig", config)) if value}


def _calling(asked: ToolChoice, usual: ToolChoice | None) -> dict[str, Any]:
    """The usual choice holds where nothing else is asked for than the default."""
    choice = usual if asked == "auto" and usual is not None else asked
    if isinstance(choice, NamedToolChoice):
        return {"mode": "ANY", "allowedFunctionNames": [choice.name]}
    return {"mode": _MODES[choice]}


def _merged(body: dict[str, Any], extra: Fields) -> dict[str, Any]:
    """`extra` beside or within what is there: fields of an object are added to it."""
    for name, value in extra.items():
        there = body.get(name)
        both = isinstance(there, dict) and isinstance(value, Mapping)
        body[name] = there | dict(value) if both else value  # type: ignore[call-overload]  # as just checked
    return body
