"""A suite takes for an echo what its vendor means by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.testing.broken.quick import QuickSTTSuite, QuickTTSSuite
from agents_core.testing.echoes import Hearing
from agents_core.testing.fakes import FakeSTT, FakeTTS
from agents_core.testing.suite import Suite
from agents_core.testing.tones import speak

WHOLE = "test_an_answer_is_whole"


class Whispering(FakeTTS):
    """Says what nobody can read in its sound."""

    def _say(self, text, after, connection):  # noqa: ANN001, ANN202 - as the fake has it
        return super()._say(text.swapcase(), after, connection)


class Shouting(FakeSTT):
    def _understand(self, audio: AudioFrame) -> str:
        return super()._understand(audio).upper()


def holds(suite: type[Suite[Any]], sentence: str) -> bool:
    try:
        getattr(suite(), sentence)()
    except AssertionError:
        return False
    return True


def test_sound_is_read_in_tones_and_taken_as_it_is() -> None:
    sound = [speak("Who is there?", sample_rate=16_000)]

    assert asyncio.run(Hearing().understand(sound, "Nobody.")) == "Who is there?"
    assert Hearing().spelled("who is there", "Who is there?") == "who is there"


def test_who_listens_decides_what_a_voice_says() -> None:
    class Strict(QuickTTSSuite):
        kind = Whispering

    class Lenient(Strict):
        async def understand(self, sound: Sequence[AudioFrame], words: str) -> str:
            heard = await super().understand(sound, words)
            return words if heard.swapcase() == words else heard

    for sentence in (WHOLE, "test_all_can_be_collected", "test_a_whole_text_is_one_segment"):
        assert not holds(Strict, sentence)
        assert holds(Lenient, sentence)


def test_spelling_decides_what_an_ear_writes() -> None:
    class Strict(QuickSTTSuite):
        streaming = False
        kind = Shouting

    class Lenient(Strict):
        def spelled(self, text: str, words: str) -> str:
            return words if text.casefold() == words.casefold() else text

    for sentence in (WHOLE, "test_a_recording_may_come_in_frames"):
        assert not holds(Strict, sentence)
        assert holds(Lenient, sentence)


def test_formats_and_pauses_are_those_of_the_suite() -> None:
    class Usual(QuickSTTSuite):
        formats = ((44_100, 1),)
        pause = 0.6
        pace = 0.01

    assert holds(Usual, "test_other_rates_and_channels_are_understood")
    assert holds(Usual, "test_each_utterance_has_its_transcript")
    assert holds(Usual, "test_transcripts_lie_where_they_were_said")
