"""The stream of a speech-to-text port."""

from __future__ import annotations

from agents_core.audio import AudioFrame, MonoResampler
from agents_core.streams import InputStream, Run
from agents_core.stt.events import SpeechEvent
from agents_core.stt.hearing import Hearing, SoundInlet


class SpeechStream(InputStream[AudioFrame, SpeechEvent]):
    """What is heard, while it is said."""

    def __init__(
        self,
        run: Run[SpeechEvent, SpeechEvent],
        inlet: SoundInlet,
        hearing: Hearing,
        *,
        sample_rate: int | None,
    ) -> None:
        super().__init__(run, inlet)
        self._hearing = hearing
        self._resampler = MonoResampler(sample_rate=sample_rate) if sample_rate else None

    @property
    def start_time_offset(self) -> float:
        """Seconds added to all times: when the first frame was said, on the user's clock."""
        return self._hearing.start_time_offset

    @start_time_offset.setter
    def start_time_offset(self, seconds: float) -> None:
        self._hearing.start_time_offset = seconds

    def push_frame(self, frame: AudioFrame) -> None:
        """Let `frame` be heard; frames may differ in rate and channels."""
        if self._resampler is None:
            self._push(frame)
            return
        for ready in self._resampler.push(frame):
            self._push(ready)

    def flush(self) -> None:
        """Say that what was pushed so far is whole; nothing where there is nothing new."""
        if self._resampler is not None:
            for rest in self._resampler.flush():
                self._push(rest)
        super().flush()
