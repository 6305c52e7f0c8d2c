"""A conversation with a listener: sound goes there piece by piece, what was heard comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from agents_core.audio import AudioFrame, FrameCutter
from agents_core.streams import Flush, Inlet
from agents_core.stt import SpeechEvent
from agents_plugin_deepgram._client import understand
from agents_plugin_deepgram._wire.usage import Meter

if TYPE_CHECKING:
    from agents_core.http import Socket

_SHORTEST, _LONGEST = 0.05, 0.1
"""Seconds of sound in one message: Deepgram wants neither a flood nor a wait."""

FINALIZE: Mapping[str, object] = {"type": "Finalize"}
KEEP_ALIVE: Mapping[str, object] = {"type": "KeepAlive"}
CLOSE_STREAM: Mapping[str, object] = {"type": "CloseStream"}


class Reader(Protocol):
    """Understands the messages of one connection: `Results` and `Turns` of the wire."""

    request_id: str
    over: bool

    def read(self, message: str | bytes) -> tuple[SpeechEvent, ...]:
        """The events that a message makes."""

    def end(self) -> tuple[SpeechEvent, ...]:
        """The events that are due once all messages came.

        Raises:
            APIConnectionError: not all of them came.
        """


async def hear(
    connection: AbstractAsyncContextManager[Socket],
    audio: Inlet[AudioFrame | Flush],
    reader: Reader,
    *,
    sample_rate: int,
    keep_alive: float | None,
) -> AsyncGenerator[SpeechEvent]:
    """What is heard over one connection, and every five seconds of sound how much was sent.

    Args:
        connection: to be opened and closed.
        audio: what is sent, at `sample_rate`.
        reader: of the messages.
        sample_rate: samples a second.
        keep_alive: seconds without sound after which Deepgram is told that more will come; None
            for Flux, which knows no word for that, and none for a flush.

    Raises:
        APIError: whatever went wrong.
    """
    meter = Meter()
    # One generator around all of it: a task group must not be left by the closing of an inner one.
    async with connection as socket, asyncio.TaskGroup() as group:
        sending = group.create_task(
            _feed(socket, audio, meter, sample_rate=sample_rate, keep_alive=keep_alive)
        )
        async for message in socket:
            for event in understand(reader.read, message):
                yield event
            for event in meter.take(reader.request_id):
                yield event
            if reader.over and sending.done():
                break
        sending.cancel()
        if audio.exhausted:  # else another connection goes on with what is being said
            for event in reader.end():
                yield event
        for event in meter.rest(reader.request_id):
            yield event


async def _feed(
    socket: Socket,
    audio: Inlet[AudioFrame | Flush],
    meter: Meter,
    *,
    sample_rate: int,
    keep_alive: float | None,
) -> None:
    cutter = FrameCutter(sample_rate=sample_rate, shortest=_SHORTEST, longest=_LONGEST)
    async for piece in _pieces(audio, patience=keep_alive):
        if piece is None:
            await socket.send(KEEP_ALIVE)
            continue
        for frame in cutter.flush() if isinstance(piece, Flush) else cutter.push(piece.data):
            await socket.send(frame.data)
            meter.push(frame.duration)
        if isinstance(piece, Flush) and keep_alive is not None:
            await socket.send(FINALIZE)
    await socket.send(CLOSE_STREAM)
    socket.expect()


async def _pieces(
    audio: Inlet[AudioFrame | Flush], *, patience: float | None
) -> AsyncGenerator[AudioFrame | Flush | None]:
    """What is read, and None whenever nothing came for `patience` seconds."""
    while True:
        try:
            async with asyncio.timeout(patience):
                piece = await anext(audio)
        except StopAsyncIteration:
            return
        except TimeoutError:
            yield None
        else:
            yield piece
