"""What is remembered of a speech that was cut is what was heard of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.session.heard import heard_text
from agents_core.timing import TimedWord

TEXT = "one two three four"


def timed(text: str, *, each: float = 1.0) -> tuple[TimedWord, ...]:
    return tuple(
        TimedWord(text=word, start_time=at * each, end_time=(at + 1) * each)
        for at, word in enumerate(text.split())
    )


def test_nothing_played_is_nothing_heard() -> None:
    assert heard_text(TEXT, position=0, duration=4) == ""


def test_all_played_is_all_heard() -> None:
    assert heard_text(TEXT, position=4, duration=4) == TEXT


def test_with_times_every_word_that_had_begun_was_heard() -> None:
    assert heard_text(TEXT, position=1.5, duration=4, words=timed(TEXT)) == "one two"


def test_words_are_found_between_marks_and_blanks() -> None:
    text = "Well:  one, two; one!"

    assert heard_text(text, position=3.5, duration=9, words=timed("Well one two one")) == (
        "Well:  one, two; one"
    )


def test_without_times_the_share_of_the_text_is_that_of_the_sound_in_whole_words() -> None:
    assert heard_text(TEXT, position=2, duration=4) == "one two"


def test_of_a_sound_that_was_not_all_made_no_more_is_taken_to_be_heard_than_can_be_said() -> None:
    assert heard_text("word " * 100, position=1.0, duration=None) == "word word word word"


def test_a_script_without_blanks_is_cut_between_characters() -> None:
    assert heard_text("\u4f60\u597d\u5417\u5440", position=1, duration=2) == "\u4f60\u597d"


@pytest.mark.property
@given(
    text=st.text(alphabet="ab .\n\u4f60", max_size=40),
    position=st.floats(0, 10),
    more=st.floats(0, 10),
    duration=st.one_of(st.none(), st.floats(0.1, 10)),
    aligned=st.booleans(),
)
def test_it_is_always_a_beginning_and_grows_with_what_was_played(
    text: str,
    position: float,
    more: float,
    duration: float | None,
    aligned: bool,
) -> None:
    words = timed(text, each=0.5) if aligned else ()
    less = heard_text(text, position=position, duration=duration, words=words)
    longer = heard_text(text, position=position + more, duration=duration, words=words)

    assert text.startswith(less)
    assert longer.startswith(less)
