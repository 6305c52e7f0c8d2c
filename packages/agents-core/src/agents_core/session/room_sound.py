"""The agent's voice in a room: a track, fed no further ahead than it can be taken back."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame, FrameCutter, mono
from agents_core.session.flows import cancel_and_wait
from agents_core.session.io import AudioOutput
from agents_core.session.room_options import RoomOptions

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("agents_core.session.room")

_AHEAD_MS = 200
"""What the native source holds; all of it can be taken back, so it bounds nothing but jitter."""
_FRAME = 0.02
_CLOSE = 1.0
"""Seconds for a capture in flight, when the source is closed."""


class RoomAudioOutput(AudioOutput):
    """Publishes one track, and plays what it is given through it.

    What waits here is one speech, which has an end: it is not bounded. `pause` and `clear_buffer`
    take back what the native source has not played yet, so that both act at once, and positions
    tell what was played.
    """

    def __init__(self, room: rtc.Room, options: RoomOptions) -> None:
        from livekit import rtc

        super().__init__(sample_rate=options.sample_rate, can_pause=True)
        self._room = room
        self._options = options
        self._source = rtc.AudioSource(options.sample_rate, 1, queue_size_ms=_AHEAD_MS)
        self._cutter = self._new_cutter()
        self._waiting: deque[AudioFrame | None] = deque()
        self._fed: deque[AudioFrame] = deque(maxlen=round(_AHEAD_MS / 1000 / _FRAME) + 2)
        self._position = 0.0
        """Seconds of the segment that were fed, without those taken back."""
        self._takes = 0
        """Counts how often sound was taken back: a capture in flight may have been."""
        self._paused = False
        self._playing_out = False
        self._in_flight = False
        self._closed = False
        self._stirred = asyncio.Event()
        self._publication: rtc.LocalTrackPublication | None = None
        self._feeding: asyncio.Task[None] | None = None

    @property
    def track_sid(self) -> str | None:
        """The server's id of the track, once it is published."""
        return None if self._publication is None else self._publication.sid

    async def start(self) -> None:
        """Publish the track.

        Raises:
            TimeoutError: the server did not accept it in time.
        """
        from livekit import rtc

        track = rtc.LocalAudioTrack.create_audio_track("agent voice", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publishing = self._room.local_participant.publish_track(track, options)
        self._publication = await asyncio.wait_for(publishing, self._options.publish_timeout)
        self._feeding = asyncio.create_task(self._feed(), name="agent voice")

    async def capture_frame(self, frame: AudioFrame) -> None:
        """Play `frame` after what came before; never waits."""
        if self._closed:
            return
        await super().capture_frame(frame)
        self._waiting.extend(self._cutter.push(mono(frame).data))
        self._stirred.set()

    def flush(self) -> None:
        """Say that the segment is whole."""
        if self._capturing and not self._closed:
            self._waiting.extend((*self._cutter.flush(), None))
            self._stirred.set()
        super().flush()

    def clear_buffer(self) -> None:
        """Stop the sound at once and forget what was to follow."""
        self._cutter = self._new_cutter()
        self._take_back()
        self._waiting.clear()
        if self._finished < self._captured:
            self._end(interrupted=True)

    def pause(self) -> None:
        """Hold the sound where it is."""
        self._paused = True
        if self._playing_out:
            self._waiting.appendleft(None)
        self._waiting.extendleft(reversed(self._take_back()))

    def resume(self) -> None:
        """Go on where the sound was held."""
        self._paused = False
        self._stirred.set()

    async def aclose(self) -> None:
        """Stop, wait for the capture in flight, and take the track away."""
        if self._closed:
            return
        self._closed = True
        try:
            self.clear_buffer()
        except Exception:
            logger.debug("the agent's track cannot be cleared", exc_info=True)
        self._stirred.set()
        if self._feeding is not None:
            # A source that is closed with a capture in flight is disposed of twice.
            if self._in_flight:
                await asyncio.wait({self._feeding}, timeout=_CLOSE)
            await cancel_and_wait(self._feeding, within=_CLOSE)
        await self._unpublish()
        await self._source.aclose()

    async def _feed(self) -> None:
        await self._subscribed()
        while not self._closed:
            if self._paused or not self._waiting:
                self._stirred.clear()
                await self._stirred.wait()
                continue
            frame = self._waiting.popleft()
            if frame is None:
                await self._play_out()
            else:
                await self._capture(frame)

    async def _subscribed(self) -> None:
        """Wait until somebody hears the track, for so long: a first word is not said to nobody."""
        publication = self._publication
        if publication is not None:
            try:
                waiting = publication.wait_for_subscription()
                await asyncio.wait_for(waiting, self._options.subscription_timeout)
            except TimeoutError:
                logger.debug("nobody has subscribed to the agent's track yet")

    async def _capture(self, frame: AudioFrame) -> None:
        from livekit import rtc

        takes, first = self._takes, not self._position
        self._position += frame.duration
        self._fed.append(frame)
        if first:
            self.report_started()
        sound = rtc.AudioFrame(frame.data, frame.sample_rate, 1, frame.samples_per_channel)
        self._in_flight = True
        try:
            await self._source.capture_frame(sound)
        finally:
            self._in_flight = False
        if takes != self._takes:  # it was taken back while it was on its way
            self._source.clear_queue()

    async def _play_out(self) -> None:
        """Wait until what was fed is heard; then the segment is over."""
        takes, self._playing_out = self._takes, True
        try:
            await self._source.wait_for_playout()
        finally:
            self._playing_out = False
        if takes == self._takes:  # else it was cleared, or is held and comes again
            self._end(interrupted=False)

    def _take_back(self) -> list[AudioFrame]:
        """What was fed and not played, oldest first."""
        unplayed = self._source.queued_duration
        self._takes += 1
        self._source.clear_queue()
        taken: list[AudioFrame] = []
        while self._fed and unplayed > _FRAME / 2:
            taken.append(self._fed.pop())
            unplayed -= taken[-1].duration
            self._position -= taken[-1].duration
        self._fed.clear()
        self._position = max(0.0, self._position)
        return taken[::-1]

    def _end(self, *, interrupted: bool) -> None:
        position, self._position = self._position, 0.0
        self._fed.clear()
        self.report_finished(playback_position=position, interrupted=interrupted)

    async def _unpublish(self) -> None:
        publication, self._publication = self._publication, None
        if publication is None or not self._room.isconnected():
            return
        try:
            leaving = self._room.local_participant.unpublish_track(publication.sid)
            await asyncio.wait_for(leaving, _CLOSE)
        except Exception:
            logger.debug("the agent's track could not be taken away", exc_info=True)

    def _new_cutter(self) -> FrameCutter:
        return FrameCutter(sample_rate=self._options.sample_rate, shortest=_FRAME, longest=_FRAME)
