"""How answers of a speech-to-text service are understood, and what it was given."""

from __future__ import annotations

import time
from collections.abc import Iterable

from agents_core.audio import AudioFrame
from agents_core.metrics import STTMetrics
from agents_core.streams import Flush, Inlet, Port, Reading
from agents_core.stt.events import SpeechEvent, SpeechEventType

_LONGEST_MEMORY = 10.0
"""Seconds of sound that a new connection hears again: an utterance, not an hour of silence."""
_STEADY = 30.0
"""Seconds after which a connection has been good, even if nobody said a word."""


class SoundInlet(Inlet[AudioFrame | Flush]):
    """Remembers the last seconds that were read, for the case that another connection is needed."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        """Seconds that will not be read again."""
        self.given = 0.0
        """Seconds that were read, those that were read twice twice: what a service charges."""
        self._remembered = 0.0

    def forget(self) -> None:
        """Remember nothing of what was read so far."""
        super().forget()
        self._pass(self._remembered)

    def forget_until(self, seconds: float) -> None:
        """Remember nothing of what was read before `seconds` of the stream."""
        # A frame that is covered by half or more counts as covered: times are rounded.
        while self._behind and self.passed + _seconds(self._behind[0]) / 2 <= seconds:
            self._pass(_seconds(self._behind.popleft()))

    def rewind(self) -> None:
        """Have what is remembered read again."""
        super().rewind()
        self._remembered = 0.0

    def _remember(self, value: AudioFrame | Flush) -> None:
        super()._remember(value)
        if isinstance(value, AudioFrame):
            self.given += value.duration
            self._remembered += value.duration
        while self._remembered > _LONGEST_MEMORY:
            self._pass(_seconds(self._behind.popleft()))

    def _pass(self, seconds: float) -> None:
        self._remembered -= seconds
        self.passed += seconds


class Hearing(Reading[SpeechEvent, SpeechEvent]):
    """Puts times on the stream's clock, and says what was used."""

    def __init__(self, port: Port, inlet: SoundInlet) -> None:
        self.start_time_offset = 0.0
        self._port = port
        self._inlet = inlet
        self._connected_at = 0.0
        self._began = time.monotonic()
        self._final = False
        self._charged = 0.0
        self._ahead = 0.0
        self._counts_itself = False

    @property
    def progressed(self) -> bool:
        """Whether this connection understood something, or held for long."""
        return self._final or time.monotonic() - self._began > _STEADY

    def begin(self) -> None:
        """A connection whose first frame is the first one that is remembered."""
        self._connected_at = self._inlet.passed
        self._began = time.monotonic()
        self._final = False

    def read(self, part: SpeechEvent) -> Iterable[SpeechEvent]:
        """The event, on the user's clock."""
        if part.type is SpeechEventType.FINAL_TRANSCRIPT:
            self._final = True
            self._forget(part)
        if part.usage is not None:
            self._counts_itself = True
            self._measure_told(part.usage.audio_duration, part.request_id)
        elif self._final and not self._counts_itself:
            self._measure_given(part.request_id)
        return (part.shifted(self._connected_at + self.start_time_offset),)

    def over(self, *, error: Exception | None, cancelled: bool) -> None:  # noqa: ARG002 - paid for
        """Says what was not said yet."""
        if not self._counts_itself:
            self._measure_given("")

    def _forget(self, transcript: SpeechEvent) -> None:
        """What was read after the end of the transcript has to be heard by a new connection."""
        end = max((each.end_time for each in transcript.alternatives), default=0.0)
        if end > 0:
            self._inlet.forget_until(self._connected_at + end)
        else:
            self._inlet.forget()

    def _measure_given(self, request_id: str) -> None:
        seconds, self._charged = self._inlet.given - self._charged, self._inlet.given
        if seconds > 0:
            self._ahead += seconds
            self._measure(seconds, request_id)

    def _measure_told(self, seconds: float, request_id: str) -> None:
        """What the service counted, but for what was measured before it told."""
        ahead = min(self._ahead, seconds)
        self._ahead -= ahead
        if seconds > ahead:
            self._measure(seconds - ahead, request_id)

    def _measure(self, seconds: float, request_id: str) -> None:
        port = self._port
        measured = STTMetrics(
            label=port.label,
            model=port.model,
            provider=port.provider,
            request_id=request_id,
            duration=0.0,
            audio_duration=seconds,
            streamed=True,
        )
        port.emit("metrics_collected", measured)


class Recognition(Reading[SpeechEvent, SpeechEvent]):
    """The one answer about a whole recording."""

    def __init__(self, port: Port, seconds: float) -> None:
        self._port = port
        self._seconds = seconds
        self._asked = time.monotonic()
        self._request_id = ""

    def read(self, part: SpeechEvent) -> Iterable[SpeechEvent]:
        """The answer, as it is."""
        self._request_id = part.request_id
        return (part,)

    def over(self, *, error: Exception | None, cancelled: bool) -> None:  # noqa: ARG002 - in error
        """Says how long it took."""
        port = self._port
        measured = STTMetrics(
            label=port.label,
            model=port.model,
            provider=port.provider,
            request_id=self._request_id,
            duration=time.monotonic() - self._asked,
            audio_duration=self._seconds,
            streamed=False,
            error=type(error).__name__ if error else None,
        )
        port.emit("metrics_collected", measured)


def _seconds(value: AudioFrame | Flush) -> float:
    return value.duration if isinstance(value, AudioFrame) else 0.0
