"""What a conversation is made of."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Literal, TypeAlias

from agents_core.audio import AudioFrame

ChatRole: TypeAlias = Literal["developer", "system", "user", "assistant"]


def new_id(prefix: str = "item_") -> str:
    """A name that no other item has."""
    return prefix + uuid.uuid4().hex[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageContent:
    """A picture to look at.

    Raises:
        ValueError: bytes without a `mime_type`.
    """

    image: str | bytes
    """An URL (`https:` or `data:`), or the encoded bytes of an image file."""
    mime_type: str | None = None
    """Such as `image/png`; needed with bytes."""
    inference_detail: Literal["auto", "high", "low"] = "auto"
    """How closely the model is to look."""
    id: str = field(default_factory=partial(new_id, "img_"))

    def __post_init__(self) -> None:
        if isinstance(self.image, bytes) and not self.mime_type:
            raise ValueError("an image of bytes needs a mime_type, such as image/png")


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioContent:
    """Something that was said, as sound."""

    frames: tuple[AudioFrame, ...]
    transcript: str | None = None


ChatContent: TypeAlias = str | ImageContent | AudioContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """Something that somebody said or wrote."""

    type: ClassVar[Literal["message"]] = "message"
    role: ChatRole
    content: tuple[ChatContent, ...]
    id: str = field(default_factory=new_id)
    interrupted: bool = False
    """Whether only the beginning was heard; `content` is what was heard."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Seconds that its making took, by name."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """What a provider wants to see again."""
    created_at: float = field(default_factory=time.time)
    """Seconds since the epoch."""

    @property
    def text_content(self) -> str | None:
        """All that is text, with a line for each piece; None where nothing is."""
        texts = [part for part in self.content if isinstance(part, str)]
        return "\n".join(texts) if texts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """A tool that the model wanted called."""

    type: ClassVar[Literal["function_call"]] = "function_call"
    call_id: str
    name: str
    arguments: str
    """JSON, as the model wrote it."""
    id: str = field(default_factory=new_id)
    extra: Mapping[str, object] = field(default_factory=dict)
    """What a provider wants to see again, such as a signature."""
    created_at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCallOutput:
    """What a tool answered."""

    type: ClassVar[Literal["function_call_output"]] = "function_call_output"
    call_id: str
    name: str
    output: str
    is_error: bool
    id: str = field(default_factory=new_id)
    created_at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHandoff:
    """From here on, another agent answers."""

    type: ClassVar[Literal["agent_handoff"]] = "agent_handoff"
    new_agent_id: str
    old_agent_id: str | None = None
    id: str = field(default_factory=new_id)
    created_at: float = field(default_factory=time.time)


ChatItem: TypeAlias = ChatMessage | FunctionCall | FunctionCallOutput | AgentHandoff
