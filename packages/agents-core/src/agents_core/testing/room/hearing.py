"""What a scripted participant hears of another, and when."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass

import av

from agents_core.audio import AudioFrame, combine, silence
from agents_core.testing.room.events import News, NotSeen
from agents_core.testing.room.tracks import Frame

_LOUD = 1000
"""Of 32767: the peak from which a frame is sound rather than the silence of a codec."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A frame of somebody's sound, one channel."""

    at: float
    """Seconds of `time.monotonic`, when it was decoded."""
    frame: AudioFrame
    peak: int
    """The largest sample, without its sign."""

    @property
    def loud(self) -> bool:
        """Whether it is sound rather than silence."""
        return self.peak >= _LOUD


class Hearing:
    """All that is heard of one participant from now on, over all of its audio tracks.

    The server decodes what it is sent after a jitter buffer of 4 packets: about 80 ms behind.
    """

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.frames: list[Heard] = []
        self._news = News()

    def audio(self) -> AudioFrame:
        """Everything so far, as one frame of 48 kHz."""
        if not self.frames:
            return silence(0, sample_rate=48_000)
        return combine(heard.frame for heard in self.frames)

    async def sound(self, *, since: float = 0.0, within: float = 10.0) -> float:
        """When sound was first heard, after `since`; seconds of `time.monotonic`.

        Raises:
            NotSeen: there was none in the next `within` seconds.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    for heard in self.frames:
                        if heard.loud and heard.at > since:
                            return heard.at
                    await self._news.wait()
        except TimeoutError:
            raise NotSeen(f"nothing was heard of {self.identity!r} in {within} s") from None

    async def silence(self, *, lasting: float = 0.3, within: float = 10.0) -> float:
        """When sound was last heard, once `lasting` seconds without any have passed since.

        Where none was ever heard, it counts from now.

        Raises:
            NotSeen: it did not become silent in `within` seconds.
        """
        last = time.monotonic()
        try:
            async with asyncio.timeout(within):
                while True:
                    last = next((one.at for one in reversed(self.frames) if one.loud), last)
                    if (rest := last + lasting - time.monotonic()) <= 0:
                        return last
                    await asyncio.sleep(rest)
        except TimeoutError:
            raise NotSeen(f"{self.identity!r} was not silent in {within} s") from None

    async def __aiter__(self) -> AsyncIterator[Heard]:
        """Every frame, from the first on, without an end."""
        position = 0
        while True:
            while position >= len(self.frames):
                await self._news.wait()
            position += 1
            yield self.frames[position - 1]

    def take(self, frame: Frame) -> None:
        """Hear a decoded frame."""
        if not isinstance(frame, av.AudioFrame):
            return
        samples = array(
            "h", bytes(frame.planes[0])[: 2 * frame.samples * len(frame.layout.channels)]
        )
        left = samples[:: len(frame.layout.channels)]
        self.frames.append(
            Heard(
                at=time.monotonic(),
                frame=AudioFrame(left.tobytes(), frame.sample_rate),
                peak=max(map(abs, left), default=0),
            )
        )
        self._news.ring()
