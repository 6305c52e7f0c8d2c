"""Text in a room: what both sides say, sent; what somebody writes, taken in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agents_core.chat.items import new_id
from agents_core.session.flows import cancel_and_wait
from agents_core.session.io import TextOutput

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("agents_core.session.room")

TRANSCRIPTION_TOPIC = "lk.transcription"
CHAT_TOPIC = "lk.chat"
_TRACK = "lk.transcribed_track_id"
_FINAL = "lk.transcription_final"
_SEGMENT = "lk.segment_id"
_SEND = 5.0
"""Seconds that sending one thing may take."""
_CHAT_LENGTH = 100_000
"""Characters of one message; what is longer is cut."""


class Errands:
    """Does one thing after the other in a task of its own; each bounded, none able to hurt."""

    def __init__(self, name: str) -> None:
        # Not bounded: it is fed at the pace of speech, and each errand has a deadline.
        self._errands: asyncio.Queue[Callable[[], Awaitable[object]]] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(), name=name)

    def add(self, errand: Callable[[], Awaitable[object]]) -> None:
        """Do it after what is to be done already."""
        self._errands.put_nowait(errand)

    async def aclose(self) -> None:
        """Do what is still to be done, for so long; then stop."""
        try:
            await asyncio.wait_for(self._errands.join(), 1.0)
        except TimeoutError:
            logger.debug("left undone: %d errands in the room", self._errands.qsize())
        await cancel_and_wait(self._task, within=1.0)

    async def _run(self) -> None:
        while True:
            errand = await self._errands.get()
            try:
                await asyncio.wait_for(errand(), _SEND)
            except Exception:
                logger.debug("the room did not take it", exc_info=True)
            finally:
                self._errands.task_done()


class RoomTextOutput(TextOutput):
    """Sends what the agent says on `lk.transcription`: one stream a segment, piece by piece."""

    def __init__(self, room: rtc.Room, track_sid: Callable[[], str | None]) -> None:
        self._room = room
        self._track_sid = track_sid
        self._errands = Errands("agent transcript")
        self._segment: _Segment | None = None

    async def capture_text(self, text: str) -> None:
        """Send `text` after what came before; never waits."""
        if self._segment is None:
            self._segment = _Segment(self._room, self._track_sid())
        segment = self._segment
        self._errands.add(lambda: segment.write(text))

    def flush(self) -> None:
        """Say that the segment is whole."""
        segment, self._segment = self._segment, None
        if segment is not None:
            self._errands.add(segment.close)

    async def aclose(self) -> None:
        """Send what waits, for so long, and stop."""
        self.flush()
        await self._errands.aclose()


class _Segment:
    def __init__(self, room: rtc.Room, track_sid: str | None) -> None:
        self._room = room
        self._attributes = {_SEGMENT: new_id("SG_"), _FINAL: "false"}
        if track_sid is not None:
            self._attributes[_TRACK] = track_sid
        self._writer: rtc.TextStreamWriter | None = None

    async def write(self, text: str) -> None:
        if self._writer is None:
            self._writer = await self._room.local_participant.stream_text(
                topic=TRANSCRIPTION_TOPIC, attributes=self._attributes
            )
        await self._writer.write(text)

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.aclose(attributes={**self._attributes, _FINAL: "true"})


class UserTranscript:
    """Sends what the user is understood to say: a stream for each version of a segment."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._errands = Errands("user transcript")
        self._segment = new_id("SG_")

    def send(self, text: str, *, final: bool, identity: str, track_sid: str | None) -> None:
        """Send one version, in the name of the participant who said it."""
        attributes = {_SEGMENT: self._segment, _FINAL: "true" if final else "false"}
        if track_sid is not None:
            attributes[_TRACK] = track_sid
        self._errands.add(lambda: self._send(text, attributes, identity))
        if final:
            self._segment = new_id("SG_")

    async def aclose(self) -> None:
        """Send what waits, for so long, and stop."""
        await self._errands.aclose()

    async def _send(self, text: str, attributes: dict[str, str], identity: str) -> None:
        writer = await self._room.local_participant.stream_text(
            topic=TRANSCRIPTION_TOPIC, attributes=attributes, sender_identity=identity
        )
        await writer.write(text)
        await writer.aclose(attributes=attributes)


class ChatInput:
    """Takes in what participants write on `lk.chat`."""

    def __init__(self, room: rtc.Room, take: Callable[[str, str], None]) -> None:
        """Register.

        Args:
            room: where it is written.
            take: called with the text and the identity of who wrote it.

        Raises:
            ValueError: somebody else listens to that topic already.
        """
        self._room = room
        self._take = take
        self._tasks: set[asyncio.Task[None]] = set()
        room.register_text_stream_handler(CHAT_TOPIC, self._on_stream)

    async def aclose(self) -> None:
        """Listen no more."""
        self._room.unregister_text_stream_handler(CHAT_TOPIC)
        await cancel_and_wait(*self._tasks, within=1.0)

    def _on_stream(self, reader: rtc.TextStreamReader, identity: str) -> None:
        task = asyncio.create_task(self._read(reader, identity), name="chat message")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        text = ""
        try:
            async with asyncio.timeout(_SEND):
                async for piece in reader:
                    text += piece
                    if len(text) > _CHAT_LENGTH:
                        break
        except Exception:
            logger.debug("a chat message of %s did not arrive whole", identity, exc_info=True)
            return
        finally:
            reader.close()
        self._take(text[:_CHAT_LENGTH], identity)
