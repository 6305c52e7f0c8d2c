"""The answers of a realtime model, as streams that a user reads while they come."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar

from agents_core.audio import AudioFrame, FrameCutter
from agents_core.chat import FunctionCall
from agents_core.metrics import RealtimeModelMetrics
from agents_core.realtime import GenerationCreatedEvent, MessageGeneration, RealtimeModel
from agents_core.streams.outlet import Outlet
from agents_plugin_openai import models
from agents_plugin_openai._wire.realtime_state import (
    Began,
    Called,
    Measured,
    MessageBegan,
    MessageEnded,
    Said,
)

T = TypeVar("T")


class Flow(Generic[T]):
    """An asynchronous iterator over what is put into it."""

    def __init__(self) -> None:
        self._outlet: Outlet[T] = Outlet(None)

    def put(self, value: T) -> None:
        """One more; dropped after the end."""
        self._outlet.put(value)

    def end(self) -> None:
        """Nothing more comes."""
        self._outlet.close()

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        return await self._outlet.get()


class _Message:
    def __init__(self) -> None:
        self.text: Flow[str] = Flow()
        self.sound: Flow[AudioFrame] = Flow()
        self.cutter = FrameCutter(sample_rate=models.REALTIME_SAMPLE_RATE)

    def hear(self, said: Said) -> None:
        if said.text:
            self.text.put(said.text)
        for frame in self.cutter.push(said.sound):
            self.sound.put(frame)

    def end(self) -> None:
        for frame in self.cutter.flush():
            self.sound.put(frame)
        self.text.end()
        self.sound.end()


class Generation:
    """One answer."""

    def __init__(self, began: Began) -> None:
        self.began = began
        self._messages: Flow[MessageGeneration] = Flow()
        self._calls: Flow[FunctionCall] = Flow()
        self._open: dict[str, _Message] = {}
        self._began_at = time.perf_counter()
        self._first_at: float | None = None

    def announcement(self) -> GenerationCreatedEvent:
        """What its user gets."""
        return GenerationCreatedEvent(
            message_stream=self._messages,
            function_stream=self._calls,
            user_initiated=self.began.event_id is not None,
            response_id=self.began.response_id,
        )

    def message(self, begun: MessageBegan) -> None:
        """One more message."""
        message = self._open[begun.item_id] = _Message()
        self._messages.put(
            MessageGeneration(
                message_id=begun.item_id,
                text_stream=message.text,
                audio_stream=message.sound,
                modalities=begun.modalities,
            )
        )

    def say(self, said: Said) -> None:
        """A message goes on."""
        self._answered()
        message = self._open.get(said.item_id)
        if message is not None:
            message.hear(said)

    def call(self, called: Called) -> None:
        """A tool is called."""
        self._answered()
        self._calls.put(called.call)

    def end_message(self, ended: MessageEnded) -> None:
        """A message is whole."""
        message = self._open.pop(ended.item_id, None)
        if message is not None:
            message.end()

    def end(self) -> None:
        """Nothing more is handed on."""
        while self._open:
            self._open.popitem()[1].end()
        self._messages.end()
        self._calls.end()

    def metrics(self, measured: Measured, model: RealtimeModel) -> RealtimeModelMetrics:
        """What it took, in seconds since the service began with it, and in tokens."""
        first = self._first_at
        tokens: Any = measured.tokens
        return RealtimeModelMetrics(
            label=model.label,
            model=model.model,
            provider=model.provider,
            request_id=measured.response_id,
            duration=time.perf_counter() - self._began_at,
            ttft=None if first is None else first - self._began_at,
            cancelled=measured.cancelled,
            **tokens,
        )

    def _answered(self) -> None:
        if self._first_at is None:
            self._first_at = time.perf_counter()
