"""What a language model is asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from agents_core.chat import ChatContext
from agents_core.tools import FunctionTool

logger = logging.getLogger("agents_core.llm")


@dataclass(frozen=True, slots=True)
class NamedToolChoice:
    """This tool, and no other."""

    name: str


ToolChoice: TypeAlias = Literal["auto", "required", "none"] | NamedToolChoice
"""Whether the model may, has to, or may not call tools; or which one it has to call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """Everything that one answer depends on; every try asks the same."""

    chat_ctx: ChatContext
    """A copy: what the user changes meanwhile is not asked."""
    tools: tuple[FunctionTool, ...] = ()
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None
    """None for the provider's own choice."""
    response_format: type | Mapping[str, object] | None = None
    """A pydantic model or a JSON schema that the answer has to fit; None for any text."""
    extra_kwargs: Mapping[str, object] = field(default_factory=dict)
    """For this provider alone, as it calls them."""

    @property
    def response_schema(self) -> Mapping[str, object] | None:
        """The JSON schema of `response_format`; None for any text.

        `agents_core.tools.strict_schema` makes of it what a provider can hold a model to.
        """
        if self.response_format is None or isinstance(self.response_format, Mapping):
            return self.response_format
        from pydantic import TypeAdapter

        schema: Mapping[str, object] = TypeAdapter(self.response_format).json_schema()
        return schema

    def parse(self, text: str) -> Any:  # noqa: ANN401 - whatever `response_format` is
        """`text` as the class that `response_format` is; None where it is none, or does not fit."""
        if self.response_format is None or isinstance(self.response_format, Mapping):
            return None
        from pydantic import TypeAdapter, ValidationError

        try:
            return TypeAdapter(self.response_format).validate_json(text)
        except ValidationError:
            logger.warning("the answer does not fit %s", self.response_format)
            return None
