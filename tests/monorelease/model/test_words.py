from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.words import all_of, counted, first_of, short, some_of


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", ""),
        ("a", "a"),
        ("ab", "a and b"),
        ("abcde", "a, b, c, d and e"),
        ("abcdef", "a, b, c, d, e and 1 more"),
        ("abcdefghijkl", "a, b, c, d, e and 7 more"),
    ],
)
def test_a_message_names_five_and_counts_the_others(words: str, told: str) -> None:
    assert some_of(words) == some_of([*words]) == told


@pytest.mark.property
@given(st.lists(st.from_regex(r"[a-z]{2,5}", fullmatch=True), min_size=1, unique=True))
def test_whoever_is_not_named_is_counted(words: list[str]) -> None:
    told = some_of(words).replace(" and ", ", ").split(", ")

    last = told[-1].removesuffix(" more")
    others = int(last) if last.isdigit() else 0
    assert told[: 5 if others else None] == words[: len(words) - others]
    assert all_of(words).replace(" and ", ", ").split(", ") == words


@pytest.mark.parametrize(("words", "told"), [("a", "a"), ("ab", "a and 1 more")])
def test_a_title_names_the_first_and_counts_the_others(words: str, told: str) -> None:
    assert first_of(words) == told


@pytest.mark.parametrize(("number", "told"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_one_is_singular(number: int, told: str) -> None:
    assert counted(number, "file") == told


def test_a_commit_is_told_by_its_first_digits() -> None:
    assert short("4f2a9c1e" * 5) == "4f2a9c1e4f2a"
