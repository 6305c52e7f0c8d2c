"""A conversation with a realtime model of Google."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame, FrameCutter, MonoResampler
from agents_core.chat import ChatContext
from agents_core.errors import APIError
from agents_core.llm import ToolChoice
from agents_core.realtime import Generated, RealtimeSession
from agents_core.tools import FunctionTool, check_names
from agents_plugin_google import models
from agents_plugin_google._answer import Question
from agents_plugin_google._life import Life
from agents_plugin_google._wire import talk as words

if TYPE_CHECKING:
    from agents_plugin_google.realtime import RealtimeModel

_CHUNK = 0.05
"""Seconds of sound in a message."""


class Session(RealtimeSession):
    """What is said to the model; what comes of it is in `Life`."""

    def __init__(self, model: RealtimeModel) -> None:
        super().__init__()
        self._model = model
        self._by_hand = not model.talk.decides_turns
        self._resampler = MonoResampler(sample_rate=models.REALTIME_INPUT_SAMPLE_RATE)
        self._cutter = self._new_cutter()
        self._life = Life(self, model)

    @property
    def chat_ctx(self) -> ChatContext:
        return self._life.chat_ctx.copy()

    @property
    def tools(self) -> tuple[FunctionTool, ...]:
        return self._life.tools

    @property
    def session_resumption_handle(self) -> str | None:
        """By which another session can go on with this conversation; None before there is one."""
        return self._life.handle

    async def update_instructions(self, instructions: str) -> None:
        """Tell it, by a new connection where there is one; at once, or when it has spoken."""
        self._life.instructions = instructions
        await self._life.renew()

    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:
        """Likewise; without a connection, one is made."""
        self._life.tools = check_names(tools)
        self._life.begin()
        await self._life.renew()

    async def update_chat_ctx(self, chat_ctx: ChatContext) -> None:
        """Google confirms nothing: returns when it has been told.

        What was added is told; for anything else that differs, a new conversation is begun.
        """
        self._life.begin()
        await self._life.update(chat_ctx)

    def update_options(self, *, tool_choice: ToolChoice | None = None) -> None:
        """Change the choice of tools; calls are turned down where it is ``none``.

        Raises:
            APIError: it is another one than ``auto`` and ``none``: Google knows no such thing here.
        """
        if tool_choice not in (None, "auto", "none"):
            raise APIError("Gemini's conversations cannot be made to call a tool", retryable=False)
        if tool_choice is not None:
            self._life.allow_calls(allowed=tool_choice == "auto")

    def push_audio(self, frame: AudioFrame) -> None:
        self._life.begin()
        if self._by_hand:
            self._life.turn(begins=True)
        for mono in self._resampler.push(frame):
            self._send_sound(self._cutter.push(mono.data))

    def push_video(self, image: bytes, *, mime_type: str) -> None:
        self._life.begin()
        self._life.send(words.format_image(image, mime_type), lasting=True)

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        self._life.begin()
        question = Question(instructions)
        self._life.ask(question)
        return question.future

    def commit_audio(self) -> None:
        for mono in self._resampler.flush():
            self._send_sound(self._cutter.push(mono.data))
        self._send_sound(self._cutter.flush())
        if self._by_hand:
            self._life.turn(begins=False)
        else:
            self._life.send(words.STREAM_END, lasting=True)

    def clear_audio(self) -> None:
        """Drop what has not been sent yet, which is less than a tenth of a second.

        Google cannot be made to forget the rest; a turn that was begun by hand goes on.
        """
        self._resampler.flush()
        self._cutter = self._new_cutter()

    def interrupt(self) -> None:
        self._life.interrupt()

    def truncate(
        self,
        *,
        message_id: str,  # noqa: ARG002 - it cannot be done
        audio_end_ms: int,  # noqa: ARG002 - likewise
        audio_transcript: str | None = None,  # noqa: ARG002 - likewise
    ) -> None:
        """Not to be had: see `RealtimeCapabilities.message_truncation`.

        Raises:
            APIError: always.
        """
        raise APIError("Gemini cannot be told how much of a message was heard", retryable=False)

    async def aclose(self) -> None:
        await self._life.aclose()

    def _send_sound(self, frames: Sequence[AudioFrame]) -> None:
        for frame in frames:
            self._life.send(words.format_sound(frame.data), lasting=True)

    def _new_cutter(self) -> FrameCutter:
        rate = models.REALTIME_INPUT_SAMPLE_RATE
        return FrameCutter(sample_rate=rate, shortest=_CHUNK, longest=_CHUNK)

    def __repr__(self) -> str:
        return f"<Session of {self._model.label}>"
