"""Where a conversation's sound and text come from and go to: ports, and the two sets of them."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from agents_core.audio import AudioFrame
from agents_core.emitter import Emitter

AudioOutputEvent: TypeAlias = Literal["playback_started", "playback_finished"]


class AudioInput(ABC):
    """What the user says: an asynchronous iterator of frames that ends when nobody can speak."""

    def __aiter__(self) -> AsyncIterator[AudioFrame]:
        return self

    @abstractmethod
    async def __anext__(self) -> AudioFrame:
        """The next stretch of sound; to be cancelled while waiting loses nothing."""

    async def aclose(self) -> None:  # noqa: B027 - most inputs hold nothing
        """Let go of the source; again is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackFinished:
    """How much of a segment was heard."""

    playback_position: float
    """Seconds."""
    interrupted: bool
    """Whether `clear_buffer` cut it short."""


class AudioOutput(ABC, Emitter[AudioOutputEvent]):
    """Where the agent's speech is heard.

    A segment begins with the first frame after the last `flush` and ends with the next one. Who
    writes an output extends `capture_frame` and `flush` (calling these), and reports each segment:
    `report_started` when its first sound is heard, `report_finished` when it was played to its end
    or cut short by `clear_buffer`. Exactly one report a segment, even one that was cut before it
    was flushed.

    Emits "playback_started" and "playback_finished" (with a `PlaybackFinished`).
    """

    def __init__(self, *, sample_rate: int | None = None, can_pause: bool = False) -> None:
        """Say what it takes.

        Args:
            sample_rate: to which frames are resampled for it; None takes them as they come.
            can_pause: whether `pause` holds the sound and `resume` goes on where it was.
        """
        super().__init__()
        self._sample_rate = sample_rate
        self._can_pause = can_pause
        self._capturing = False
        self._captured = 0
        self._finished = 0
        self._last = PlaybackFinished(playback_position=0.0, interrupted=False)
        self._changed = asyncio.Event()

    @property
    def sample_rate(self) -> int | None:
        """Samples a second that it takes; None for any."""
        return self._sample_rate

    @property
    def can_pause(self) -> bool:
        """Whether the sound can be held."""
        return self._can_pause

    @abstractmethod
    async def capture_frame(self, frame: AudioFrame) -> None:
        """Play `frame` after what came before; may be called faster than it can be played."""
        if not self._capturing:
            self._capturing = True
            self._captured += 1

    @abstractmethod
    def flush(self) -> None:
        """Say that the segment is whole."""
        self._capturing = False

    @abstractmethod
    def clear_buffer(self) -> None:
        """Stop the sound at once and forget what was to follow."""

    def pause(self) -> None:
        """Hold the sound where it is."""

    def resume(self) -> None:
        """Go on where the sound was held."""

    async def aclose(self) -> None:
        """Let go of the sink; again is allowed."""

    async def wait_for_playout(self) -> PlaybackFinished:
        """Wait until every segment captured so far was reported finished; tells about the last."""
        target = self._captured
        while self._finished < target:
            self._changed.clear()
            await self._changed.wait()
        return self._last

    def report_started(self) -> None:
        """Say that a segment begins to be heard; for who writes an output."""
        self.emit("playback_started")

    def report_finished(self, *, playback_position: float, interrupted: bool) -> None:
        """Say that a segment is over; for who writes an output. One too many is ignored."""
        if self._finished >= self._captured:
            return
        self._finished += 1
        self._last = PlaybackFinished(playback_position=playback_position, interrupted=interrupted)
        self._changed.set()
        self.emit("playback_finished", self._last)


class TextOutput(ABC):
    """Where the agent's words are read, as they are said."""

    @abstractmethod
    async def capture_text(self, text: str) -> None:
        """Show `text` after what came before."""

    @abstractmethod
    def flush(self) -> None:
        """Say that the segment is whole."""

    async def aclose(self) -> None:  # noqa: B027 - most outputs hold nothing
        """Let go of the sink; again is allowed."""


class SessionInput:
    """A session's ear; set it at any time."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._audio: AudioInput | None = None

    @property
    def audio(self) -> AudioInput | None:
        """Where the user is heard."""
        return self._audio

    @audio.setter
    def audio(self, audio: AudioInput | None) -> None:
        self._audio = audio
        self._changed()


class SessionOutput:
    """A session's mouth; set it at any time. What is being said goes on where it began."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._audio: AudioOutput | None = None
        self.text: TextOutput | None = None
        """Where the agent's words are read."""

    @property
    def audio(self) -> AudioOutput | None:
        """Where the agent is heard."""
        return self._audio

    @audio.setter
    def audio(self, audio: AudioOutput | None) -> None:
        self._audio = audio
        self._changed()
