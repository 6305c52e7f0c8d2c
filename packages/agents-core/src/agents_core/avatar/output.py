"""The agent's voice on its way to an avatar: a byte stream a segment, and calls about it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame
from agents_core.avatar.presence import wait_for_avatar
from agents_core.chat.items import new_id
from agents_core.session.flows import cancel_and_wait
from agents_core.session.io import AudioOutput

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("agents_core.avatar")

AUDIO_STREAM_TOPIC = "lk.audio_stream"
CLEAR_BUFFER = "lk.clear_buffer"
PLAYBACK_FINISHED = "lk.playback_finished"
PLAYBACK_STARTED = "lk.playback_started"
_SEND = 10.0
"""Seconds that the room may take for one piece of sound."""
_LAST_WORDS = 2.0
"""Seconds at most for what is under way when all ends, however patient it is otherwise."""


class DataStreamAudioOutput(AudioOutput):
    """Sends sound to one participant, who plays it and tells how far.

    The first frame waits until the avatar is there, for `join_timeout`. An avatar that does not
    tell within `clear_buffer_timeout` how far it played, when it was told to stop, is taken to
    have played for as long as it could.
    """

    def __init__(  # noqa: PLR0913 - options, each by keyword
        self,
        room: rtc.Room,
        *,
        destination_identity: str,
        sample_rate: int | None = None,
        wait_for_video: bool = True,
        join_timeout: float = 30.0,
        clear_buffer_timeout: float = 2.0,
    ) -> None:
        """Send nothing yet; times are seconds."""
        super().__init__(sample_rate=sample_rate, can_pause=False)
        self._room = room
        self._avatar = destination_identity
        self._wait_for_video = wait_for_video
        self._join_timeout = join_timeout
        self._clear_timeout = clear_buffer_timeout
        self._there: asyncio.Task[None] | None = None
        self._writer: rtc.ByteStreamWriter | None = None
        self._sending = asyncio.Lock()
        self._sent = 0.0
        """Seconds of the segment."""
        self._began: float | None = None
        self._cleared = 0
        """Segments that the avatar was told to forget, the ones before included."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def capture_frame(self, frame: AudioFrame) -> None:
        """Send `frame` after what came before.

        Raises:
            APITimeoutError: the avatar does not come.
            TimeoutError: the room does not take it.
        """
        await self._arrived()
        if self._closed:
            return
        await super().capture_frame(frame)
        segment = self._captured
        async with self._sending, asyncio.timeout(_SEND):
            if segment != self._captured or not self._capturing:
                return  # cleared while it waited
            if self._writer is None:
                self._writer = await self._open(frame)
                self._sent, self._began = 0.0, time.monotonic()
                self.report_started()
            await self._writer.write(frame.data)
            self._sent += frame.duration

    def flush(self) -> None:
        """Say that the segment is whole."""
        super().flush()
        self._end_stream()

    def clear_buffer(self) -> None:
        """Have the avatar stop, and forget what was to follow."""
        super().flush()
        self._end_stream()
        if self._finished < self._captured and not self._closed:
            self._cleared = self._captured
            self._spawn(self._clear(self._captured), "avatar stop")

    async def aclose(self) -> None:
        """Send nothing more, and listen to the avatar no more."""
        if self._closed:
            return
        self._closed = True
        self._end_stream()
        await cancel_and_wait(self._there, within=1.0)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=min(self._clear_timeout, _LAST_WORDS))
        await cancel_and_wait(*self._tasks, within=1.0)
        if self._there is not None and self._room.isconnected():
            for method in (PLAYBACK_FINISHED, PLAYBACK_STARTED):
                self._room.local_participant.unregister_rpc_method(method)
        self.report_finished(playback_position=self._played(), interrupted=True)

    async def _arrived(self) -> None:
        if self._there is None:
            self._answer(PLAYBACK_FINISHED, self._on_finished)
            self._answer(PLAYBACK_STARTED, self._on_started)
            waiting = wait_for_avatar(
                self._room, self._avatar, video=self._wait_for_video, within=self._join_timeout
            )
            self._there = asyncio.create_task(waiting, name="avatar arrival")
        await asyncio.shield(self._there)

    def _answer(self, method: str, handler: Callable[[rtc.RpcInvocationData], str]) -> None:
        self._room.local_participant.register_rpc_method(method, handler)

    async def _open(self, frame: AudioFrame) -> rtc.ByteStreamWriter:
        return await self._room.local_participant.stream_bytes(
            name=new_id("AUDIO_"),
            topic=AUDIO_STREAM_TOPIC,
            destination_identities=[self._avatar],
            attributes={
                "sample_rate": str(frame.sample_rate),
                "num_channels": str(frame.num_channels),
            },
        )

    def _end_stream(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            self._spawn(self._shut(writer), "avatar segment")

    async def _shut(self, writer: rtc.ByteStreamWriter) -> None:
        with contextlib.suppress(Exception):  # the room may be gone, and the stream with it
            await asyncio.wait_for(writer.aclose(), _SEND)

    async def _clear(self, segment: int) -> None:
        """Tell the avatar to stop, and make its report up where it does not come."""
        calling = self._room.local_participant.perform_rpc(
            destination_identity=self._avatar, method=CLEAR_BUFFER, payload=""
        )
        until = time.monotonic() + self._clear_timeout
        try:
            await asyncio.wait_for(calling, self._clear_timeout)
            while self._finished < segment and (left := until - time.monotonic()) > 0:
                self._changed.clear()
                await asyncio.wait_for(self._changed.wait(), left)
        except Exception as error:  # noqa: BLE001 - whatever the avatar's end fails with
            if not self._leaves(error):
                logger.warning("the avatar %s does not stop as it is told to", self._avatar)
        if self._finished < segment:
            self.report_finished(playback_position=self._played(), interrupted=True)

    def _leaves(self, error: Exception) -> bool:
        """Whether it is we who are going, and not the avatar that fails."""
        from livekit import rtc

        unsent = (
            isinstance(error, rtc.RpcError) and error.code == rtc.RpcError.ErrorCode.SEND_FAILED
        )
        return unsent or self._closed or not self._room.isconnected()

    def _played(self) -> float:
        """How much may have been heard: what was sent, but no more than there was time for."""
        if self._began is None:
            return 0.0
        return min(self._sent, time.monotonic() - self._began)

    def _on_started(self, call: rtc.RpcInvocationData) -> str:
        if call.caller_identity != self._avatar:
            return "reject"
        self.report_started()
        return "ok"

    def _on_finished(self, call: rtc.RpcInvocationData) -> str:
        if call.caller_identity != self._avatar:
            logger.warning("%s is not the avatar, and tells of playback", call.caller_identity)
            return "reject"
        try:
            position, interrupted = _report(call.payload)
        except ValueError:
            logger.warning("the avatar %s tells of playback in words unknown", self._avatar)
            return "reject"
        if interrupted and self._finished >= self._cleared:
            return "ok"  # about a segment that was given up already: this one plays on
        self.report_finished(playback_position=position, interrupted=interrupted)
        return "ok"

    def _spawn(self, work: Awaitable[None], name: str) -> None:
        task = asyncio.ensure_future(work)
        task.set_name(name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _report(payload: str) -> tuple[float, bool]:
    """How much was played, and whether it was cut.

    Raises:
        ValueError: it does not say.
    """
    told = json.loads(payload)
    match told:
        # The SDKs of different languages write it differently.
        case {"playback_position": float() | int() as position} if position >= 0:
            pass
        case {"playbackPosition": float() | int() as position} if position >= 0:
            pass
        case _:
            raise ValueError("no report of playback")
    return float(position), bool(told.get("interrupted", False))
