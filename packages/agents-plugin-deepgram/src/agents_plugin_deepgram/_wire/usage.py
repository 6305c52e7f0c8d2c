"""How much sound was sent, told in steps."""

from __future__ import annotations

from agents_core.stt import RecognitionUsage, SpeechEvent, SpeechEventType

_STEP = 5.0
"""Seconds of sound for which an event is due."""


class Meter:
    """Counts what one connection was sent, which is what Deepgram charges for."""

    def __init__(self) -> None:
        self._untold = 0.0

    def push(self, seconds: float) -> None:
        """Count `seconds` more."""
        self._untold += seconds

    def take(self, request_id: str) -> tuple[SpeechEvent, ...]:
        """An event about what was not told yet, where that is five seconds or more."""
        return self.rest(request_id) if self._untold >= _STEP else ()

    def rest(self, request_id: str) -> tuple[SpeechEvent, ...]:
        """An event about what was not told yet; none about nothing."""
        seconds, self._untold = self._untold, 0.0
        if not seconds:
            return ()
        usage = RecognitionUsage(audio_duration=seconds)
        kind = SpeechEventType.RECOGNITION_USAGE
        return (SpeechEvent(type=kind, request_id=request_id, usage=usage),)
