"""A microphone and a loudspeaker, for agent sessions whose models are at a local vendor's."""

from __future__ import annotations

import asyncio

from agents_core.audio import AudioFrame, silence
from agents_core.session import AudioInput, AudioOutput
from agents_core.testing.tones import read, speak

_RATE = 16_000


class Microphone(AudioInput):
    """Hears what a test says, four times as fast as it is said, and silence else."""

    def __init__(self) -> None:
        self._waiting: list[AudioFrame] = []

    def say(self, text: str) -> None:
        """Let it hear `text`."""
        sound = speak(text, sample_rate=_RATE).data
        size = _RATE // 50 * 2
        self._waiting += [
            AudioFrame(sound[start : start + size], _RATE) for start in range(0, len(sound), size)
        ]

    async def __anext__(self) -> AudioFrame:
        await asyncio.sleep(0.005)
        return self._waiting.pop(0) if self._waiting else silence(0.02, sample_rate=_RATE)


class Loudspeaker(AudioOutput):
    """Has played a segment as soon as it is whole, or never, where it is `slow`."""

    def __init__(self, *, slow: bool = False, heard: float = 0.12) -> None:
        """Begin.

        Args:
            slow: whether a segment ends only when it is cut short.
            heard: seconds that were heard of one that is cut short.
        """
        super().__init__()
        self.slow = slow
        self._heard = heard
        self._playing: list[AudioFrame] = []
        self.played: list[str] = []
        """What each segment said that was played to its end."""
        self.cut = 0
        """Segments that were cut short."""

    @property
    def playing(self) -> float:
        """Seconds of sound in the segment that goes on."""
        return sum(frame.duration for frame in self._playing)

    async def capture_frame(self, frame: AudioFrame) -> None:
        """See `AudioOutput`."""
        await super().capture_frame(frame)
        if not self._playing:
            self.report_started()
        self._playing.append(frame)

    def flush(self) -> None:
        """See `AudioOutput`."""
        super().flush()
        if self._playing and not self.slow:
            self.played.append("".join(heard.text for heard in read(self._playing)))
            self._end(self.playing, interrupted=False)

    def clear_buffer(self) -> None:
        """See `AudioOutput`."""
        if self._playing:
            self.cut += 1
            self._end(min(self.playing, self._heard), interrupted=True)

    def _end(self, position: float, *, interrupted: bool) -> None:
        self._playing = []
        self.report_finished(playback_position=position, interrupted=interrupted)
