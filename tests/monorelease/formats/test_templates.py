from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.templates import fill


def test_a_place_within_a_line_takes_its_words() -> None:
    assert fill("a: @one@, @two-words@\n", {"one": "1", "two-words": "2"}) == "a: 1, 2\n"


def test_a_place_on_a_line_of_its_own_takes_a_block_as_deep_as_it_is() -> None:
    filled = fill("a:\n  @items@\nb: 1\n", {"items": "- x:\n    1\n\n- y"})

    assert filled == "a:\n  - x:\n      1\n\n  - y\nb: 1\n"


def test_without_words_such_a_line_goes() -> None:
    assert fill("a\n  @none@\nb\n", {"none": ""}) == "a\nb\n"


def test_a_place_in_words_is_text() -> None:
    assert fill("@a@ @a@\n", {"a": "@b@", "b": "x"}) == "@b@ @b@\n"


@pytest.mark.parametrize("text", ["me@example.org\n", "a@v4.1@b\n", "@\n", "@A@\n", "@-@ @@\n"])
def test_what_only_looks_like_a_place_stays(text: str) -> None:
    assert fill(text, {}) == text


def test_a_place_without_words_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="unknown"):
        fill("a: @unknown@\n", {"known": "x"})


@pytest.mark.property
@given(st.lists(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")))))
def test_lines_without_a_place_stay_as_they_are(lines: list[str]) -> None:
    text = "".join(f"{line.replace('@', '')}\n" for line in lines)

    assert fill(text, {}) == text
