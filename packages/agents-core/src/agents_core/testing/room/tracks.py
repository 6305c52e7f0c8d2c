"""Frames on their way from one publisher to whoever listens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame

Frame: TypeAlias = AudioFrame | VideoFrame
Listener: TypeAlias = Callable[[Frame], object]

_BACKLOG = 50
"""Frames kept for a subscriber that is not connected yet; sound of a second, then the oldest go."""


class Source:
    """Where the frames of one published track come by."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._listeners: list[Listener] = []

    def push(self, frame: Frame) -> None:
        """Hand a frame to all who listen."""
        for listener in tuple(self._listeners):
            listener(frame)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` called with every frame, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


class Feed(MediaStreamTrack):
    """A published track as one subscriber's connection sends it."""

    def __init__(self, kind: str, sid: str, stream: str) -> None:
        super().__init__()
        self.kind = kind
        self.sid = sid
        self.stream = stream
        self._frames: deque[Frame] = deque(maxlen=_BACKLOG)
        self._came = asyncio.Event()
        self._unlisten: Callable[[], None] | None = None

    @property
    def id(self) -> str:
        """What the session description calls it: the track's server-wide name."""
        return self.sid

    def follow(self, source: Source) -> None:
        """Take the frames of `source` from now on."""
        if self._unlisten is None and self.readyState == "live":
            self._unlisten = source.listen(self._take)

    async def recv(self) -> Frame:
        """The next frame.

        Raises:
            MediaStreamError: the track was stopped.
        """
        while not self._frames:
            if self.readyState != "live":
                raise MediaStreamError
            self._came.clear()
            await self._came.wait()
        return self._frames.popleft()

    def stop(self) -> None:
        """Take and give no more."""
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None
        self._frames.clear()
        super().stop()
        self._came.set()

    def _take(self, frame: Frame) -> None:
        self._frames.append(frame)
        self._came.set()
