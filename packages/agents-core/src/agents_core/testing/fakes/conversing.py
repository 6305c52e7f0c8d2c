"""A conversation with a fake realtime model."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext, ChatMessage, FunctionCallOutput
from agents_core.errors import APIConnectionError, APIError, APITimeoutError
from agents_core.llm import ToolChoice
from agents_core.realtime import (
    Generated,
    GenerationCreatedEvent,
    InputSpeechStarted,
    InputSpeechStopped,
    InputTranscriptionCompleted,
    RealtimeSession,
    RemoteItemAdded,
    SessionReconnected,
)
from agents_core.retry import wait_before_retry
from agents_core.streams import Inlet, PortError
from agents_core.testing.fakes.answering import Answer, Question
from agents_core.testing.fakes.asking import asked, last_heard
from agents_core.testing.fakes.vendor import When
from agents_core.testing.tones import SECONDS_PER_BYTE, Heard, ToneReader
from agents_core.tools import FunctionTool, check_names

if TYPE_CHECKING:
    from agents_core.testing.fakes.realtime import FakeRealtimeModel

_CONNECTIONS: tuple[When, ...] = ("connecting",)


class FakeRealtimeSession(RealtimeSession):
    """One task holds the connection, and answers one question after the other."""

    def __init__(self, model: FakeRealtimeModel) -> None:
        super().__init__()
        self._model = model
        self._vendor = model.vendor
        self._chat_ctx = ChatContext()
        self._tools: tuple[FunctionTool, ...] = ()
        self._tool_choice: ToolChoice = "auto"
        self._instructions = ""
        self._reader: ToneReader | None = None
        self._speaking = False
        self._uncommitted: list[str] = []
        self._questions: Inlet[Question] = Inlet(remembers=False)
        self._failed = 0
        self._waiting: list[Question] = []
        self._answer: Answer | None = None
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._task = self._loop.create_task(self._live(), name=f"session of {model.label}")

    @property
    def chat_ctx(self) -> ChatContext:
        return self._chat_ctx.copy()

    @property
    def tools(self) -> tuple[FunctionTool, ...]:
        return self._tools

    async def update_instructions(self, instructions: str) -> None:
        self._instructions = instructions
        await self._confirmed()

    async def update_chat_ctx(self, chat_ctx: ChatContext) -> None:
        known = {item.id for item in self._chat_ctx.items}
        self._chat_ctx = chat_ctx.copy()
        await self._confirmed()
        new = [item for item in chat_ctx.items if item.id not in known]
        told = any(isinstance(item, FunctionCallOutput) for item in new)
        if told and self._model.capabilities.auto_tool_reply_generation:
            self._questions.send(Question(words=last_heard(self._chat_ctx)))

    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:
        self._tools = check_names(tools)
        await self._confirmed()

    def update_options(self, *, tool_choice: ToolChoice | None = None) -> None:
        self._tool_choice = tool_choice or self._tool_choice

    def push_audio(self, frame: AudioFrame) -> None:
        if self._task.done():
            return
        self._vendor.heard(frame.data)
        self._reader = self._reader or ToneReader(frame.sample_rate)
        self._reader.push(frame)
        for heard in self._reader.take():
            self._start_speech()
            self._end_speech(heard)
        if self._reader.text:
            self._start_speech()

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        question = Question(
            words=instructions or last_heard(self._chat_ctx), answer=self._loop.create_future()
        )
        self._waiting = [other for other in self._waiting if not other.taken_back]
        self._waiting.append(question)
        if not self._questions.send(question):
            question.fail(APIConnectionError("the conversation is over", retryable=False))
        late = APITimeoutError("no answer began")
        timer = self._loop.call_later(self._model.conn_options.timeout, question.fail, late)
        question.future.add_done_callback(lambda _: timer.cancel())
        return question.future

    def commit_audio(self) -> None:
        for heard in self._reader.end() if self._reader is not None else ():
            self._start_speech()
            self._end_speech(heard)
        if self._uncommitted:
            self._hear_turn(" ".join(self._uncommitted))
            self._uncommitted.clear()

    def clear_audio(self) -> None:
        self._reader = None
        self._speaking = False
        self._uncommitted.clear()

    def interrupt(self) -> None:
        if self._answer is not None:
            self._answer.stop()

    def truncate(
        self, *, message_id: str, audio_end_ms: int, audio_transcript: str | None = None
    ) -> None:
        heard = round(audio_end_ms / 1000 / SECONDS_PER_BYTE)
        for place, item in enumerate(self._chat_ctx.items):
            if isinstance(item, ChatMessage) and item.id == message_id:
                text = audio_transcript or (item.text_content or "")[:heard]
                self._chat_ctx.items[place] = replace(item, content=(text,), interrupted=True)

    async def aclose(self) -> None:
        self._questions.close()
        self._task.cancel()
        await asyncio.wait({self._task})
        self._give_up(APIConnectionError("the conversation was closed", retryable=False))

    async def _live(self) -> None:
        while True:
            try:
                await self._converse()
            except APIError as error:
                self._failed += 1
                options = self._model.conn_options
                wait = wait_before_retry(
                    error, attempt=self._failed, options=options, answered=False
                )
                self._tell_error(error, recoverable=wait is not None)
                if wait is None:
                    self._give_up(error)
                    return
                await asyncio.sleep(wait)
            else:
                return

    async def _converse(self) -> None:
        timeout = self._model.conn_options.timeout
        async with self._vendor.connect("converse", timeout=timeout, meets=_CONNECTIONS):
            if self._ready.done():
                self.emit("session_reconnected", SessionReconnected())
            else:
                self._ready.set_result(None)
            self._failed = 0
            self._tell()
            async for question in self._questions:
                await self._reply(question)

    async def _reply(self, question: Question) -> None:
        answer = self._answer = Answer(self._model, question)
        self._tell()
        whole = False
        try:
            await answer.make(self._created)
            whole = True
        except APIConnectionError as error:
            question.fail(error)
            raise
        except APIError as error:  # one answer is spoilt, not the conversation
            self._tell_error(error, recoverable=True)
            question.fail(error)
        finally:
            self._end(answer, whole=whole)
            self._chat_ctx.insert(answer.items)
            if answer.metrics is not None:
                self.emit("metrics_collected", answer.metrics)

    def _created(self, event: GenerationCreatedEvent) -> None:
        self.emit("generation_created", event)

    def _end(self, answer: Answer, *, whole: bool) -> None:  # noqa: ARG002 - ends either way
        answer.end()

    def _give_up(self, error: APIError) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)
            self._ready.exception()  # who awaits nothing has the event
        self._questions.close()
        for question in self._waiting:
            question.fail(error)

    def _tell_error(self, error: APIError, *, recoverable: bool) -> None:
        label = self._model.label
        self.emit("error", PortError(label=label, error=error, recoverable=recoverable))

    async def _confirmed(self) -> None:
        try:
            async with asyncio.timeout(self._model.conn_options.timeout):
                await asyncio.shield(self._ready)
        except TimeoutError:
            raise APITimeoutError("the model did not confirm") from None
        self._tell()

    def _tell(self) -> None:
        self._vendor.last_asked = asked(
            self._chat_ctx, self._tools, self._tool_choice, instructions=self._instructions
        )

    def _start_speech(self) -> None:
        if not self._speaking and self._model.capabilities.turn_detection:
            self._speaking = True
            self.emit("input_speech_started", InputSpeechStarted())

    def _end_speech(self, heard: Heard) -> None:
        if not self._model.capabilities.turn_detection:
            self._uncommitted.append(heard.text)
            return
        self._speaking = False
        self.emit("input_speech_stopped", InputSpeechStopped(user_transcription_enabled=True))
        self._hear_turn(heard.text)
        self._questions.send(Question(words=heard.text))

    def _hear_turn(self, text: str) -> None:
        message = self._chat_ctx.add_message(role="user", content=text)
        self.emit("remote_item_added", RemoteItemAdded(item=message))
        self.emit(
            "input_audio_transcription_completed",
            InputTranscriptionCompleted(item_id=message.id, transcript=text, is_final=True),
        )
