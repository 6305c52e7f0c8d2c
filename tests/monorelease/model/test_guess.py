"""Near names are guessed, far ones are not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.guess import near, suggestion


@pytest.mark.parametrize(
    ("word", "choices", "expected"),
    [
        ("pathc", ("none", "patch", "minor", "major"), "patch"),
        ("Patch", ("patch",), "patch"),
        ("agent-openai", ("agents-openai", "agents-core"), "agents-openai"),
        ("fxi", ("Fix", "feature"), "Fix"),
        ("zebra", ("patch", "minor"), None),
        ("", ("patch",), None),
        ("patch", (), None),
    ],
)
def test_the_nearest_is_guessed_or_nothing(
    word: str, choices: tuple[str, ...], expected: str | None
) -> None:
    assert near(word, choices) == expected


def test_the_order_of_the_choices_does_not_matter() -> None:
    choices = ("acme-a", "acme-b", "acme-c", "ACME-A")

    for word in ("acme-", "Acme-A"):
        assert len({near(word, order) for order in itertools.permutations(choices)}) == 1


def test_an_endless_word_is_no_slip_of_the_finger() -> None:
    assert near("patch" * 50_000, ["patch" * 50_000]) is None


def test_the_hint_asks_or_lists() -> None:
    assert suggestion("pathc", ["patch"], otherwise="write a bump") == "did you mean 'patch'?"
    assert suggestion("zebra", ["patch"], otherwise="write a bump") == "write a bump"


@pytest.mark.property
@given(st.text(), st.sets(st.text(min_size=1), max_size=5))
def test_a_guess_is_one_of_the_choices(word: str, choices: set[str]) -> None:
    guess = near(word, choices)

    assert guess is None or guess in choices
