from __future__ import annotations

from agents_core.timing import TimedWord


def test_a_word_that_is_shifted_keeps_its_length_and_text() -> None:
    word = TimedWord(text="hello", start_time=0.5, end_time=1.0, confidence=0.9)

    assert word.shifted(2.0) == TimedWord(
        text="hello", start_time=2.5, end_time=3.0, confidence=0.9
    )
