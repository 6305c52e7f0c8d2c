"""One conversation with a realtime model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame, FrameCutter, MonoResampler
from agents_core.chat import ChatContext
from agents_core.errors import APIConnectionError, APIError, APITimeoutError
from agents_core.llm import ToolChoice
from agents_core.realtime import Generated, SessionReconnected
from agents_core.realtime import RealtimeSession as Port
from agents_core.streams import PortError
from agents_core.tools import FunctionTool, check_names
from agents_plugin_openai import models
from agents_plugin_openai._realtime_effects import Effects
from agents_plugin_openai._realtime_line import Line
from agents_plugin_openai._wire import realtime_commands as commands
from agents_plugin_openai._wire import realtime_connection as connection
from agents_plugin_openai._wire.realtime_events import receive
from agents_plugin_openai._wire.realtime_items import conversation
from agents_plugin_openai._wire.realtime_state import Refused, Send, State, Step

if TYPE_CHECKING:
    from agents_plugin_openai.realtime import RealtimeModel

logger = logging.getLogger("agents_plugin_openai")

_PIECE = 0.05
"""Seconds of sound in a message, at least."""


class RealtimeSession(Port):
    """Keeps the conversation over as many connections as it takes; made by `RealtimeModel`."""

    def __init__(self, model: RealtimeModel) -> None:
        super().__init__()
        self._model = model
        self._timeout = model.conn_options.timeout
        self._state = State(setting=model.setting)
        self._loop = asyncio.get_running_loop()
        self._over: APIError | None = None
        self._connections = 0
        self._line = Line(
            model.client, self, options=model.conn_options, longest=model.max_session_duration
        )
        self._effects = Effects(self, model, self._line)
        self._rest_of_sound()
        self._task = self._loop.create_task(self._live(), name=f"session of {model.label}")

    @property
    def chat_ctx(self) -> ChatContext:
        return ChatContext(conversation(self._state.items, self._state.pending))

    @property
    def tools(self) -> tuple[FunctionTool, ...]:
        return self._state.setting.tools

    async def update_instructions(self, instructions: str) -> None:
        await self._configure("instructions", instructions)

    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:
        await self._configure("tools", check_names(tools))

    def update_options(self, *, tool_choice: ToolChoice | None = None) -> None:
        if tool_choice is not None:
            self._do(commands.configure(self._state, "tool_choice", tool_choice))

    async def update_chat_ctx(self, chat_ctx: ChatContext) -> None:
        step = commands.rewrite(self._state, chat_ctx.items)
        await self._done(step, [change.event_id for change in step[0].pending])

    def push_audio(self, frame: AudioFrame) -> None:
        for sound in self._resampler.push(frame):
            self._hear(self._cutter.push(sound.data))

    def commit_audio(self) -> None:
        for sound in self._resampler.flush():
            self._hear(self._cutter.push(sound.data))
        self._hear(self._cutter.flush())
        self._do(commands.commit(self._state))

    def clear_audio(self) -> None:
        self._rest_of_sound()
        self._do(commands.clear(self._state))

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        asked: Generated = self._loop.create_future()
        if self._over is not None:
            asked.set_exception(self._over)
            asked.exception()  # who awaits nothing was told by the event
            return asked
        step = commands.ask(self._state, instructions)
        event_id = step[0].asks[-1].event_id
        self._effects.questions[event_id] = asked
        asked.add_done_callback(partial(self._answered, event_id))
        late = self._loop.call_later(self._timeout, self._give_up_on, event_id)
        asked.add_done_callback(lambda _: late.cancel())
        self._do(step)
        return asked

    def interrupt(self) -> None:
        self._do(commands.interrupt(self._state))

    def truncate(
        self, *, message_id: str, audio_end_ms: int, audio_transcript: str | None = None
    ) -> None:
        self._do(
            commands.truncate(self._state, message_id, end=audio_end_ms, heard=audio_transcript)
        )

    async def aclose(self) -> None:
        self._end(APIConnectionError("the conversation was closed", retryable=False))
        if self._task is not asyncio.current_task():  # else it ends once its caller returns
            await asyncio.wait({self._task})

    # What the line tells.

    def opened(self, kept: tuple[Send, ...]) -> None:
        """See `Talker`."""
        self._do(connection.opened(self._state, kept))
        self._connections += 1
        if self._connections > 1:
            self.emit("session_reconnected", SessionReconnected())

    def received(self, message: str | bytes) -> None:
        """See `Talker`."""
        if self._over is not None:
            return
        try:
            step = self._model.client.read(message, partial(receive, self._state))
        except APIError as error:
            self.failed(error, recoverable=True)
        else:
            self._do(step)

    def lost(self) -> None:
        """See `Talker`."""
        self._do(connection.lost(self._state))

    def failed(self, error: APIError, *, recoverable: bool) -> None:
        """See `Talker`."""
        told = PortError(label=self._model.label, error=error, recoverable=recoverable)
        self.emit("error", told)
        if not recoverable:
            self._end(error)

    async def _live(self) -> None:
        try:
            await self._line.live()
        except Exception:
            logger.exception("a conversation cannot go on")
            broken = APIError("the conversation broke; the log says why", retryable=False)
            self.failed(broken, recoverable=False)

    def _do(self, step: Step) -> None:
        self._state, effects = step
        self._line.watch(quiet=self._state.quiet, owed=self._state.owed)
        for effect in effects:
            self._effects.perform(effect)

    async def _configure(self, name: str, value: object) -> None:
        step = commands.configure(self._state, name, value)
        await self._done(step, step[0].updates[-1])

    async def _done(self, step: Step, names: Sequence[str]) -> None:
        if self._over is not None:
            raise self._over
        self._do(step)
        try:
            await self._effects.confirmed(names, within=self._timeout)
        except APITimeoutError as late:
            self._do(commands.give_up(self._state, names, late))
            raise

    def _answered(self, event_id: str, asked: Generated) -> None:
        self._effects.questions.pop(event_id, None)
        if asked.cancelled():
            self._do(commands.take_back(self._state, event_id))
        else:
            asked.exception()  # who awaits nothing was told by the event

    def _give_up_on(self, event_id: str) -> None:
        late = APITimeoutError("no answer began in time")
        self._do(commands.take_back(self._state, event_id))
        self._effects.perform(Refused(event_id=event_id, error=late))

    def _hear(self, frames: Iterable[AudioFrame]) -> None:
        for frame in frames:
            self._do(commands.hear(self._state, frame.data))

    def _rest_of_sound(self) -> None:
        self._resampler = MonoResampler(sample_rate=models.REALTIME_SAMPLE_RATE)
        self._cutter = FrameCutter(sample_rate=models.REALTIME_SAMPLE_RATE, shortest=_PIECE)

    def _end(self, error: APIError) -> None:
        self._over = self._over or error
        self._task.cancel()
        self._effects.end(error)
