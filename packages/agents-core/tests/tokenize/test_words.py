from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.tokenize import basic

TEXT = st.text(alphabet="ab, .'\n\u00a0你好ね-", max_size=30) | st.text(max_size=30)


@pytest.mark.property
@given(
    text=TEXT,
    edges=st.lists(st.integers(min_value=0), max_size=8),
    options=st.fixed_dictionaries(
        {
            "ignore_punctuation": st.booleans(),
            "split_character": st.booleans(),
            "retain_format": st.booleans(),
        }
    ),
)
def test_a_text_gives_the_same_words_however_it_is_cut(
    text: str, edges: list[int], options: dict[str, bool]
) -> None:
    tokenizer = basic.WordTokenizer(**options)
    at = [0, *sorted(edge % (len(text) + 1) for edge in edges), len(text)]
    splitter = tokenizer.splitter()

    streamed = [token for start, end in pairwise(at) for token in splitter.push(text[start:end])]
    streamed += splitter.flush()

    assert streamed == tokenizer.tokenize(text)
    assert all(token.strip() for token in streamed)
    if options["retain_format"] and text.strip():
        assert "".join(streamed) == text
    if not options["ignore_punctuation"] and not options["retain_format"]:
        assert "".join(streamed) == "".join(text.split())


def test_words_are_what_stands_between_spaces_without_punctuation_around() -> None:
    text = "Hello, world! Don't -- stop (now)."

    assert basic.WordTokenizer().tokenize(text) == ["Hello", "world", "Don't", "stop", "now"]
    assert basic.WordTokenizer(ignore_punctuation=False).tokenize(text) == text.split()
    assert basic.WordTokenizer(retain_format=True).tokenize(" a  b ") == [" a  ", "b "]


def test_characters_are_words_where_that_is_wanted() -> None:
    assert basic.WordTokenizer(split_character=True).tokenize("你好ABC 再见。") == [
        *("你", "好", "ABC", "再", "见")
    ]
    assert basic.WordTokenizer().tokenize("你好 再见") == ["你好", "再见"]


def test_a_stream_hands_a_word_on_when_the_next_one_begins() -> None:
    splitter = basic.WordTokenizer().splitter()

    assert list(splitter.push("hel")) == []
    assert list(splitter.push("lo ")) == []
    assert list(splitter.push("w")) == ["hello"]
    assert list(splitter.flush()) == ["w"]
