from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_plugins_test import assert_same_words, word_error_rate, words

A_FEW_WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Don't STOP!", ("dont", "stop"), id="case-and-punctuation"),
        pytest.param("don\N{RIGHT SINGLE QUOTATION MARK}t", ("dont",), id="typographic-apostrophe"),
        pytest.param("well-known", ("well", "known"), id="hyphen"),
        pytest.param("\N{FULLWIDTH LATIN SMALL LETTER A}", ("a",), id="compatibility-forms"),
        pytest.param("cafe\N{COMBINING ACUTE ACCENT}", ("caf\u00e9",), id="combining-marks"),
        pytest.param("हिन्दी में", ("हिन्दी", "में"), id="vowel-signs-stay-in-their-word"),
        pytest.param("6 of 12, 13", ("six", "of", "twelve", "13"), id="small-numbers"),
        pytest.param(" …\n", (), id="nothing-said"),
    ],
)
def test_words_are_what_was_said_and_not_how_it_is_written(
    text: str, expected: tuple[str, ...]
) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("actual", "rate"),
    [
        pytest.param("one two three four", 0, id="same"),
        pytest.param("One, two: THREE four.", 0, id="same-but-for-writing"),
        pytest.param("one two free four", 0.25, id="replaced"),
        pytest.param("one two four", 0.25, id="dropped"),
        pytest.param("one and two three four", 0.25, id="inserted"),
        pytest.param("two one three four", 0.5, id="swapped"),
        pytest.param("", 1, id="nothing-heard"),
        pytest.param("one two three four five six seven eight nine", 1.25, id="too-much-heard"),
    ],
)
def test_the_rate_counts_the_words_that_differ(actual: str, rate: float) -> None:
    assert word_error_rate("one two three four", actual) == rate


@pytest.mark.property
@given(text=st.text())
def test_the_words_of_words_are_themselves(text: str) -> None:
    once = words(text)

    assert words(" ".join(once)) == once


@pytest.mark.property
@given(left=A_FEW_WORDS, right=A_FEW_WORDS, third=A_FEW_WORDS)
def test_the_number_of_differing_words_is_a_distance(left: str, right: str, third: str) -> None:
    assert (_distance(left, right) == 0) == (left == right)
    assert _distance(left, right) == _distance(right, left)
    assert _distance(left, right) <= _distance(left, third) + _distance(third, right)


def _distance(expected: str, actual: str) -> int:
    return round(word_error_rate(expected, actual) * len(words(expected)))


def test_there_is_no_rate_when_nothing_was_said() -> None:
    with pytest.raises(ValueError, match="no words"):
        word_error_rate("…", "something")


def test_one_word_in_five_may_differ() -> None:
    assert_same_words("one two three four five", "one two three four nine")


def test_a_wrong_transcript_is_shown_beside_the_right_one() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_same_words("Turn the light on.", "burn the kite")

    assert str(failed.value) == (
        "word error rate 0.75 is above 0.20\n"
        "  expected: turn the light on\n"
        "  actual:   burn the kite"
    )
