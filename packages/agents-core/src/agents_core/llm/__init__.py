"""Language models: the port, its stream, and what they answer."""

from __future__ import annotations

from agents_core.llm.chunks import (
    ChatChunk,
    ChoiceDelta,
    CollectedResponse,
    CompletionUsage,
    FunctionToolCall,
)
from agents_core.llm.port import LLM
from agents_core.llm.request import ChatRequest, NamedToolChoice, ToolChoice
from agents_core.llm.stream import LLMStream

__all__ = [
    "LLM",
    "ChatChunk",
    "ChatRequest",
    "ChoiceDelta",
    "CollectedResponse",
    "CompletionUsage",
    "FunctionToolCall",
    "LLMStream",
    "NamedToolChoice",
    "ToolChoice",
]
