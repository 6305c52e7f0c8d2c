"""Services that speak OpenAI's protocol, and what tells one from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents_plugin_openai import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One of them, as data: `LLM(service=...)` talks to it, and a subclass may name its own.

    What is not said here is as most of those behave that are not OpenAI itself.
    """

    name: str
    """For messages, metrics and the property `provider`."""
    key_variable: str | None
    """Of the environment, for a key that is not given; None where no key is needed."""
    url_variable: str
    """Of the environment, for a base URL that is not given."""
    base_url: str
    """Where it answers, if neither is there; empty for nowhere."""
    llm_model: str | None = None
    """The chat model where none is said; None for a service without a default."""
    stt_model: str | None = None
    """The transcription model, likewise."""
    tts_model: str | None = None
    """The speech model, likewise."""
    key_header: Literal["Authorization", "api-key"] = "Authorization"
    """Where the key belongs; in the first one it is a bearer token."""
    instruction_role: Literal["developer", "system"] | None = "system"
    """The only role of instructions that it knows; None where it knows both."""
    strict_tool_schema: bool = False
    """Whether it can hold a model to the schema of a tool."""


OPENAI = Service(
    name="OpenAI",
    key_variable="OPENAI_API_KEY",
    url_variable="OPENAI_BASE_URL",
    base_url=models.DEFAULT_BASE_URL,
    llm_model=models.DEFAULT_LLM_MODEL,
    stt_model=models.DEFAULT_STT_MODEL,
    tts_model=models.DEFAULT_TTS_MODEL,
    instruction_role=None,
    strict_tool_schema=True,
)

AZURE = Service(
    name="Azure OpenAI",
    key_variable="AZURE_OPENAI_API_KEY",
    url_variable="AZURE_OPENAI_ENDPOINT",
    base_url="",
    llm_model=models.DEFAULT_LLM_MODEL,
    stt_model=models.DEFAULT_STT_MODEL,
    tts_model=models.DEFAULT_TTS_MODEL,
    key_header="api-key",
    instruction_role=None,
    strict_tool_schema=True,
)
"""Its base URL has the deployment in it, and its queries an ``api-version``."""


def _service(row: str, name: str, *, prefix: str, needs_key: bool = True) -> Service:
    """What the tables of `models` have about it."""
    return Service(
        name=name,
        key_variable=f"{prefix}_API_KEY" if needs_key else None,
        url_variable=f"{prefix}_BASE_URL",
        base_url=models.SERVICE_BASE_URLS[row],
        llm_model=models.SERVICE_LLM_MODELS.get(row),
        stt_model=models.SERVICE_STT_MODELS.get(row),
    )


CEREBRAS = _service("cerebras", "Cerebras", prefix="CEREBRAS")
DEEPSEEK = _service("deepseek", "DeepSeek", prefix="DEEPSEEK")
FIREWORKS = _service("fireworks", "Fireworks", prefix="FIREWORKS")
GROQ = _service("groq", "Groq", prefix="GROQ")
META = _service("meta", "Meta", prefix="LLAMA")
OLLAMA = _service("ollama", "Ollama", prefix="OLLAMA", needs_key=False)
OPENROUTER = _service("openrouter", "OpenRouter", prefix="OPENROUTER")
OVHCLOUD = _service("ovhcloud", "OVHcloud", prefix="OVHCLOUD")
PERPLEXITY = _service("perplexity", "Perplexity", prefix="PERPLEXITY")
TELNYX = _service("telnyx", "Telnyx", prefix="TELNYX")
TOGETHER = _service("together", "Together", prefix="TOGETHER")
X_AI = _service("x_ai", "xAI", prefix="XAI")


def chosen(model: str | None, default: str | None, service: Service) -> str:
    """`model`, or the default of the service.

    Raises:
        ValueError: there is neither.
    """
    found = model or default
    if found is None:
        raise ValueError(f"{service.name} has no model of its own choice: say which")
    return found
