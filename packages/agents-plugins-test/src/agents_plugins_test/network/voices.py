"""What a real voice has to do: to talk, and to say what it was asked for."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import ClassVar

from agents_core.audio import AudioFrame
from agents_core.stt import STT
from agents_core.testing.demands import demand_same
from agents_core.testing.dialogue import WORDS
from agents_core.testing.echoes import Hearing
from agents_core.testing.suite import sentence
from agents_core.testing.tts import TTSSuite
from agents_core.tts import TTS, SynthesizedAudio
from agents_plugins_test.network.asking import RealProvider
from agents_plugins_test.network.ear import ear_at_hand, same_words, what_is_no_speech


class Audible(Hearing):
    """A mixin of suites whose echo is speech: it says the words if it is loud for long enough.

    With an ear, the words have to be the same as well.
    """

    error_rate: ClassVar[float] = 0.34
    """The share of words that an ear may misunderstand: one of three."""

    def ear(self) -> STT | None:
        """Who listens; None for nobody, so that only loudness is judged."""
        return ear_at_hand()

    def spelled(self, text: str, words: str) -> str:
        """`words` where `text` says the same."""
        return words if same_words(text, words, at_most=self.error_rate) else text

    async def understand(self, sound: Sequence[AudioFrame], words: str) -> str:
        """`words` where they are said, else what is heard instead."""
        problem = what_is_no_speech(sound, words)
        if problem:
            return problem
        ear = self.ear()
        if ear is None:
            return words
        async with ear:
            return self.spelled((await ear.recognize(list(sound))).text, words)


class RealTTS(Audible, RealProvider[TTS], TTSSuite):
    """`TTSSuite`, told to a vendor who speaks."""

    @sentence("streaming")
    async def test_text_may_come_in_pieces_of_any_size(self, subject: TTS) -> None:
        for size in (1, 2, 4):
            async with aclosing(self._speak_in(subject, WORDS, size)) as events:
                frames = [event.frame async for event in events]
            said = await self.understand(frames, WORDS)
            demand_same(said, WORDS, f"stream() in pieces of {size} characters")

    async def _speak_in(
        self, subject: TTS, words: str, size: int
    ) -> AsyncGenerator[SynthesizedAudio]:
        async with subject.stream(conn_options=self.patient) as speech:
            for start in range(0, len(words), size):
                speech.push_text(words[start : start + size])
            speech.end_input()
            async for event in speech:
                yield event
