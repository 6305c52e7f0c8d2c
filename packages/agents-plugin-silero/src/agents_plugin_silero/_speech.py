"""What is speech: from the probability of each window to the events of a stream, as a pure rule."""

from __future__ import annotations

import math
from dataclasses import dataclass

from agents_core.audio import AudioFrame
from agents_core.vad import VADEvent, VADEventType
from agents_plugin_silero import models

_BYTES = 2
_LEAST_THRESHOLD = 0.01
_EXACT = 1e-9
"""Seconds: so much less than a duration still is the duration, as floats add up."""
_DURATIONS = (
    "min_speech_duration",
    "min_silence_duration",
    "prefix_padding_duration",
    "max_buffered_speech",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """When a voice is heard, and how much of it is kept; durations are seconds.

    Raises:
        ValueError: a duration is negative or not finite, or a threshold is not above 0 and at most
            1, or the one to deactivate is above the one to activate.
    """

    min_speech_duration: float = models.DEFAULT_VAD_MIN_SPEECH_DURATION
    min_silence_duration: float = models.DEFAULT_VAD_MIN_SILENCE_DURATION
    prefix_padding_duration: float = models.DEFAULT_VAD_PREFIX_PADDING_DURATION
    max_buffered_speech: float = models.DEFAULT_VAD_MAX_BUFFERED_SPEECH
    activation_threshold: float = models.DEFAULT_VAD_ACTIVATION_THRESHOLD
    deactivation_threshold: float | None = None
    """None: somewhat below the one to activate."""

    def __post_init__(self) -> None:
        for name in _DURATIONS:
            seconds = getattr(self, name)
            if not (math.isfinite(seconds) and seconds >= 0):
                raise ValueError(f"{name} is no duration: {seconds}")
        if not 0 < self.still <= self.activation_threshold <= 1:
            raise ValueError(
                "expected 0 < deactivation_threshold <= activation_threshold <= 1, not "
                f"{self.still:g} and {self.activation_threshold:g}"
            )

    @property
    def still(self) -> float:
        """Probability above which somebody who speaks goes on."""
        if self.deactivation_threshold is not None:
            return self.deactivation_threshold
        below = self.activation_threshold - models.VAD_HYSTERESIS
        return min(self.activation_threshold, max(below, _LEAST_THRESHOLD))


class Speech:
    """Where one stream stands: `hear` each window, in order.

    Durations are told in whole windows; positions and sound to the sample, at the rate at which
    the sound came in.
    """

    def __init__(
        self,
        sensitivity: Sensitivity,
        *,
        sample_rate: int,
        interval: float,
        samples_index: int = 0,
    ) -> None:
        """Begin in silence.

        Args:
            sensitivity: may be replaced between two windows.
            sample_rate: of the sound that is kept.
            interval: seconds of a window.
            samples_index: samples of the stream before this.
        """
        self.sensitivity = sensitivity
        self.samples_index = samples_index
        self._sample_rate = sample_rate
        self._interval = interval
        self._sound = bytearray()
        self._forget()

    @property
    def overflowed(self) -> bool:
        """Whether the utterance that goes on is longer than what is kept of it."""
        return self._overflowed

    def hear(self, sound: bytes, probability: float, *, took: float = 0.0) -> tuple[VADEvent, ...]:
        """What is noticed with one more window, which inference `took` so many seconds."""
        self.samples_index += len(sound) // _BYTES
        self._smooth(probability)
        self._count(sound)
        self._keep(sound)
        looked = self._event(VADEventType.INFERENCE_DONE, sound, took=took)
        return (looked, *self._decide())

    def end(self, rest: bytes = b"") -> tuple[VADEvent, ...]:
        """Forget what was heard; speech that goes on ends here, after `rest`, which is too short.

        The position stays.
        """
        self.samples_index += len(rest) // _BYTES
        ended: tuple[VADEvent, ...] = ()
        if self._speaking:
            self._keep(rest)
            ended = (self._finish(),)
        self._sound.clear()
        self._forget()
        return ended

    def _forget(self) -> None:
        self._probability: float | None = None
        self._speaking = self._overflowed = False
        self._loud = self._quiet = self._loud_bytes = 0  # of windows in a row
        self._length = 0  # windows since the utterance began
        self._spoken = self._silent = 0  # windows of the latest speech and the latest silence

    def _smooth(self, probability: float) -> None:
        before = probability if self._probability is None else self._probability
        weight = models.VAD_SMOOTHING
        self._probability = weight * before + (1 - weight) * probability

    def _count(self, sound: bytes) -> None:
        if self._is_loud():
            self._loud += 1
            self._loud_bytes += len(sound)
            self._quiet = 0
        else:
            self._loud = self._loud_bytes = 0
            self._quiet += 1
        if not self._speaking:
            self._silent += 1
            return
        self._length += 1
        if self._quiet:
            self._silent = self._quiet
        else:
            self._spoken = self._length

    def _is_loud(self) -> bool:
        probability = self._probability or 0.0
        if probability >= self.sensitivity.activation_threshold:
            return True
        return self._speaking and probability > self.sensitivity.still

    def _keep(self, sound: bytes) -> None:
        prefix = self._bytes(self.sensitivity.prefix_padding_duration)
        self._sound += sound
        if not self._speaking:
            del self._sound[: max(0, len(self._sound) - prefix - self._loud_bytes)]
            return
        most = prefix + self._bytes(self.sensitivity.max_buffered_speech)
        self._overflowed = self._overflowed or len(self._sound) > most
        del self._sound[most:]

    def _decide(self) -> tuple[VADEvent, ...]:
        rules = self.sensitivity
        if not self._speaking and self._reached(self._loud, rules.min_speech_duration):
            return (self._start(),)
        if self._speaking and self._reached(self._quiet, rules.min_silence_duration):
            return (self._finish(),)
        return ()

    def _reached(self, windows: int, seconds: float) -> bool:
        return windows > 0 and windows * self._interval >= seconds - _EXACT

    def _start(self) -> VADEvent:
        self._speaking = True
        self._length = self._spoken = self._loud
        self._silent -= self._loud
        return self._event(VADEventType.START_OF_SPEECH, bytes(self._sound))

    def _finish(self) -> VADEvent:
        self._speaking = False
        self._silent = self._quiet
        event = self._event(VADEventType.END_OF_SPEECH, bytes(self._sound))
        if self._overflowed:
            self._sound.clear()  # its end is not what comes before the next utterance
            self._overflowed = False
        return event

    def _event(self, kind: VADEventType, sound: bytes, *, took: float = 0.0) -> VADEvent:
        return VADEvent(
            type=kind,
            samples_index=self.samples_index,
            timestamp=self.samples_index / self._sample_rate,
            speech_duration=self._spoken * self._interval,
            silence_duration=self._silent * self._interval,
            frames=(AudioFrame(sound, self._sample_rate),),
            probability=self._probability or 0.0,
            inference_duration=took,
            speaking=self._speaking,
            raw_accumulated_silence=self._quiet * self._interval,
            raw_accumulated_speech=self._loud * self._interval,
        )

    def _bytes(self, seconds: float) -> int:
        return _BYTES * round(seconds * self._sample_rate)
