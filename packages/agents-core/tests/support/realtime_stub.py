"""A realtime model that says what a test tells it to, for tests of sessions alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from agents_core.audio import AudioFrame, FrameCutter
from agents_core.chat import ChatContext, FunctionCall
from agents_core.llm import ToolChoice
from agents_core.realtime import (
    GenerationCreatedEvent,
    InputSpeechStarted,
    InputSpeechStopped,
    InputTranscriptionCompleted,
    MessageGeneration,
    RealtimeCapabilities,
    RealtimeModel,
    RealtimeSession,
)
from agents_core.testing.tones import speak
from agents_core.tools import FunctionTool


class Answer:
    """One generation: words that are spoken in tones, and calls."""

    def __init__(self, text: str = "", *calls: FunctionCall) -> None:
        self.text = text
        self.calls = calls


class StubModel(RealtimeModel):
    def __init__(self, *answers: Answer, turn_detection: bool = True) -> None:
        super().__init__(
            capabilities=RealtimeCapabilities(
                message_truncation=True,
                turn_detection=turn_detection,
                user_transcription=True,
                auto_tool_reply_generation=False,
                audio_output=True,
            )
        )
        self.answers = list(answers)
        self.sessions: list[StubSession] = []

    def session(self) -> RealtimeSession:
        self.sessions.append(StubSession(self))
        return self.sessions[-1]

    @property
    def live(self) -> StubSession:
        return self.sessions[-1]


class StubSession(RealtimeSession):
    def __init__(self, model: StubModel) -> None:
        super().__init__()
        self._model = model
        self._context = ChatContext()
        self.instructions = ""
        self.asked: list[str | None] = []
        self.heard = 0.0
        self.log: list[Any] = []
        self.closed = False

    @property
    def chat_ctx(self) -> ChatContext:
        return self._context.copy()

    @property
    def tools(self) -> tuple[FunctionTool, ...]:
        return ()

    async def update_instructions(self, instructions: str) -> None:
        self.instructions = instructions

    async def update_chat_ctx(self, chat_ctx: ChatContext) -> None:
        self._context = chat_ctx.copy()

    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:
        self.log.append(("tools", [tool.name for tool in tools]))

    def update_options(self, *, tool_choice: ToolChoice | None = None) -> None:
        self.log.append(("tool_choice", tool_choice))

    def push_audio(self, frame: AudioFrame) -> None:
        self.heard += frame.duration

    def generate_reply(
        self, *, instructions: str | None = None
    ) -> asyncio.Future[GenerationCreatedEvent]:
        self.asked.append(instructions)
        asked: asyncio.Future[GenerationCreatedEvent] = asyncio.get_running_loop().create_future()
        if self._model.answers:
            generation = self._generation(self._model.answers.pop(0), user_initiated=True)
            self.emit("generation_created", generation)
            asked.set_result(generation)
        return asked

    def answers_by_itself(self, answer: Answer) -> None:
        self.emit("generation_created", self._generation(answer, user_initiated=False))

    def user_speaks(self) -> None:
        self.emit("input_speech_started", InputSpeechStarted())

    def user_stops(self, transcript: str) -> None:
        self.emit("input_speech_stopped", InputSpeechStopped(user_transcription_enabled=True))
        self.emit(
            "input_audio_transcription_completed",
            InputTranscriptionCompleted(item_id="user_1", transcript=transcript, is_final=True),
        )

    def commit_audio(self) -> None:
        self.log.append("commit")

    def clear_audio(self) -> None:
        self.log.append("clear")

    def interrupt(self) -> None:
        self.log.append("interrupt")

    def truncate(
        self, *, message_id: str, audio_end_ms: int, audio_transcript: str | None = None
    ) -> None:
        self.log.append(("truncate", message_id, audio_end_ms, audio_transcript))

    async def aclose(self) -> None:
        self.closed = True

    def _generation(self, answer: Answer, *, user_initiated: bool) -> GenerationCreatedEvent:
        return GenerationCreatedEvent(
            message_stream=_messages(answer),
            function_stream=_each(answer.calls),
            user_initiated=user_initiated,
        )


async def _messages(answer: Answer) -> AsyncIterator[MessageGeneration]:
    if answer.text:
        sound = FrameCutter(sample_rate=24000).push(speak(answer.text, sample_rate=24000).data)
        yield MessageGeneration(
            message_id="message_1", text_stream=_each([answer.text]), audio_stream=_each(sound)
        )


async def _each(values: Sequence[Any]) -> AsyncIterator[Any]:
    for value in values:
        yield value
