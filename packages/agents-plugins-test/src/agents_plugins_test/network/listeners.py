"""What a real ear has to do: to understand what espeak-ng says."""

from __future__ import annotations

from typing import ClassVar

from agents_core.audio import AudioFrame
from agents_core.stt import STT
from agents_core.testing.stt import STTSuite
from agents_plugins_test.network.asking import RealProvider
from agents_plugins_test.network.ear import same_words
from agents_plugins_test.network.mouth import speak


class RealSTT(RealProvider[STT], STTSuite):
    """`STTSuite`, told to a vendor who understands people."""

    error_rate: ClassVar[float] = 0.34
    """The share of words that it may misunderstand: one of three."""
    formats: ClassVar[tuple[tuple[int, int], ...]] = (
        (8_000, 1),
        (24_000, 1),
        (44_100, 1),
        (48_000, 2),
    )
    pause: ClassVar[float] = 2.0
    pace: ClassVar[float] = 1.0

    def say(self, text: str, *, sample_rate: int, num_channels: int = 1) -> AudioFrame:
        """`text`, read aloud."""
        return speak(text, sample_rate=sample_rate, num_channels=num_channels)

    def spelled(self, text: str, words: str) -> str:
        """`words` where `text` says the same."""
        return words if same_words(text, words, at_most=self.error_rate) else text
