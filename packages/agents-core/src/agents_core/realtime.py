"""Models that hear and speak by themselves: the port and its session."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self, TypeAlias

from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext, ChatItem, FunctionCall
from agents_core.emitter import Emitter
from agents_core.llm import ToolChoice
from agents_core.streams import Port
from agents_core.tools import FunctionTool


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeCapabilities:
    """What a realtime model can do."""

    message_truncation: bool
    """Whether it can be told how much of its message was heard."""
    turn_detection: bool
    """Whether it decides by itself when the user is done."""
    user_transcription: bool
    """Whether it tells what the user said."""
    auto_tool_reply_generation: bool
    """Whether it answers by itself once a tool has."""
    audio_output: bool
    """Whether it speaks; else its text has to be spoken by a TTS."""
    manual_function_calls: bool = False
    """Whether it takes calls of tools that it did not make as part of the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpeechStarted:
    """The user began to speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpeechStopped:
    """The user stopped speaking."""

    user_transcription_enabled: bool
    """Whether a transcript follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTranscriptionCompleted:
    """What the user said, or has said so far."""

    item_id: str
    transcript: str
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteItemAdded:
    """The model's own record of the conversation has one more item."""

    item: ChatItem
    previous_item_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReconnected:
    """The connection was lost and made anew, with instructions, tools and conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGeneration:
    """A message that the model is making; read both streams at the same time."""

    message_id: str
    text_stream: AsyncIterator[str]
    audio_stream: AsyncIterator[AudioFrame]
    modalities: tuple[Literal["text", "audio"], ...] = ("text", "audio")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationCreatedEvent:
    """The model began to answer."""

    message_stream: AsyncIterator[MessageGeneration]
    function_stream: AsyncIterator[FunctionCall]
    user_initiated: bool
    """Whether it was asked for with `generate_reply`."""
    response_id: str | None = None


RealtimeEvent: TypeAlias = Literal[
    "input_speech_started",
    "input_speech_stopped",
    "input_audio_transcription_completed",
    "generation_created",
    "session_reconnected",
    "remote_item_added",
    "error",
    "metrics_collected",
]


class RealtimeSession(Emitter[RealtimeEvent], ABC):
    """One conversation with a realtime model.

    Emits the events of this room, "error" with a `PortError`, and "metrics_collected" with
    `RealtimeModelMetrics`.
    """

    @property
    @abstractmethod
    def chat_ctx(self) -> ChatContext:
        """A copy of the conversation as the model knows it."""

    @property
    @abstractmethod
    def tools(self) -> tuple[FunctionTool, ...]:
        """What the model may call."""

    @abstractmethod
    async def update_instructions(self, instructions: str) -> None:
        """Tell the model how to behave from now on."""

    @abstractmethod
    async def update_chat_ctx(self, chat_ctx: ChatContext) -> None:
        """Make the model's conversation equal to `chat_ctx`; returns once the model confirmed.

        Raises:
            APIError: it did not.
        """

    @abstractmethod
    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:
        """Let the model call these tools, and no others.

        Raises:
            ValueError: two of them have one name.
        """

    @abstractmethod
    def update_options(self, *, tool_choice: ToolChoice | None = None) -> None:
        """Change what can be changed while talking; None leaves a thing as it is."""

    @abstractmethod
    def push_audio(self, frame: AudioFrame) -> None:
        """Let the model hear `frame`, of any rate and channels."""

    def push_video(self, image: bytes, *, mime_type: str) -> None:
        """Let the model see an encoded image; a model that cannot see ignores it."""

    @abstractmethod
    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        """Have the model answer now.

        The future holds the event that is emitted as "generation_created" too, or an `APIError`
        where the model does not begin in time. To cancel it takes the question back.
        """

    @abstractmethod
    def commit_audio(self) -> None:
        """Say that the user's turn is over, where the model does not find out by itself."""

    @abstractmethod
    def clear_audio(self) -> None:
        """Have the model forget what it heard since the last turn."""

    @abstractmethod
    def interrupt(self) -> None:
        """Have the model stop answering."""

    @abstractmethod
    def truncate(
        self, *, message_id: str, audio_end_ms: int, audio_transcript: str | None = None
    ) -> None:
        """Tell the model that only the beginning of its message was heard, in milliseconds."""

    @abstractmethod
    async def aclose(self) -> None:
        """End the conversation; every stream of it ends. Again is allowed."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


Generated: TypeAlias = "asyncio.Future[GenerationCreatedEvent]"


class RealtimeModel(Port, ABC):
    """A model that hears and speaks by itself."""

    def __init__(self, *, capabilities: RealtimeCapabilities) -> None:
        super().__init__()
        self._capabilities = capabilities

    @property
    def capabilities(self) -> RealtimeCapabilities:
        """What it can do."""
        return self._capabilities

    @abstractmethod
    def session(self) -> RealtimeSession:
        """Begin a conversation; call it in a running event loop."""
