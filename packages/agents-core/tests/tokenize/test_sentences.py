# ruff: noqa: RUF001 - the punctuation of other scripts is what this is about
from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents_core.tokenize import basic

EVERY = basic.SentenceTokenizer(min_sentence_len=1)
PIECES = st.lists(
    st.sampled_from(
        [
            *("Hello", "it is", "Dr", "J", "e.g", "No", "5", "3.14", " ", "  ", "\n", "\n\n", "- "),
            *(".", "!", "?", "...", "…", "。", "？", "।", "؟", '"', "”", ")", "x.com", "é", "你好"),
        ]
    ),
    max_size=25,
).map("".join)


@pytest.mark.property
@given(
    text=PIECES | st.text(max_size=60),
    edges=st.lists(st.integers(min_value=0), max_size=10),
    shortest=st.integers(min_value=1, max_value=30),
    context=st.integers(min_value=1, max_value=5),
    retain_format=st.booleans(),
)
@example(text="A. B", edges=[2], shortest=1, context=1, retain_format=False)
def test_a_text_gives_the_same_sentences_however_it_is_cut(
    text: str, edges: list[int], shortest: int, context: int, *, retain_format: bool
) -> None:
    tokenizer = basic.SentenceTokenizer(
        min_sentence_len=shortest, stream_context_len=context, retain_format=retain_format
    )
    at = [0, *sorted(edge % (len(text) + 1) for edge in edges), len(text)]
    splitter = tokenizer.splitter()

    streamed = [token for start, end in pairwise(at) for token in splitter.push(text[start:end])]
    streamed += splitter.flush()

    assert streamed == tokenizer.tokenize(text)
    letter_by_letter = [token for letter in text for token in splitter.push(letter)]
    assert [*letter_by_letter, *splitter.flush()] == streamed, "and after a flush all over"


@pytest.mark.property
@given(text=PIECES | st.text(max_size=60), shortest=st.integers(min_value=1, max_value=30))
def test_no_character_is_lost_and_no_sentence_is_blank_or_too_short(
    text: str, shortest: int
) -> None:
    bare = basic.SentenceTokenizer(min_sentence_len=shortest).tokenize(text)
    whole = basic.SentenceTokenizer(min_sentence_len=shortest, retain_format=True).tokenize(text)

    assert "".join("".join(bare).split()) == "".join(text.split())
    assert "".join(whole) == (text if text.strip() else "")
    assert [token.strip() for token in whole] == bare
    assert all(token and token == token.strip() for token in bare)
    assert all(len(token) >= shortest for token in bare[:-1])


@pytest.mark.parametrize(
    "sentences",
    [
        ["Hello world.", "How are you?", "Fine!"],
        ["Dr. Smith met Mrs. Jones at St. Mary vs. Acme.", "They left."],
        ["It costs 3.14 dollars.", "See example.com/a?b=1.", "Done."],
        ["J. R. R. Tolkien wrote it.", "He did."],
        ["Fruits, e.g. Apples, i.e. Things.", "Yes."],
        ["No. 5 is here.", "No.", "It is not."],
        ["Wait... what?", "Well… maybe.", "Hmm...", "Yes."],
        ["“Stop!” she said.", "He stopped."],
        ['"Hello there."', "She left.", "(He did too.)", "I did."],
        ["Really?!", "Yes!!!", "No."],
        ["It was I.", "Nobody else."],
        ["It is 5 p.m.", "Tomorrow is Sunday."],
        ["1. Open the door.", "2. Close it."],
        ["今天天气很好。", "我们去吧！", "“好吗？”", "好"],
        ["यह अच्छा है।", "वह भी॥"],
        ["ما اسمك؟", "أنا علي۔", "نعم"],
        ["Բարեւ։", "Ինչպես ես"],
        ["ሰላም።", "እንዴት ነህ"],
    ],
    ids=lambda sentences: sentences[0],
)
def test_sentences_end_where_people_end_them(sentences: list[str]) -> None:
    assert EVERY.tokenize(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("你好。再见。", ["你好。", "再见。"]),
        ("A heading\n\nA text", ["A heading", "A text"]),
        ("Items:\n- one\n- two", ["Items:", "- one", "- two"]),
        ("one line\nand its end", ["one line\nand its end"]),
        ("a hyphen - here", ["a hyphen - here"]),
        ("  ", []),
        ("", []),
        ("...", ["..."]),
    ],
    ids=range(8),
)
def test_lines_and_scripts_without_spaces(text: str, sentences: list[str]) -> None:
    assert EVERY.tokenize(text) == sentences


def test_short_sentences_are_said_with_what_follows() -> None:
    tokenizer = basic.SentenceTokenizer(min_sentence_len=20)

    assert tokenizer.tokenize("Hi. I am here. This is long enough, it is. Bye.") == [
        "Hi. I am here. This is long enough, it is.",
        "Bye.",
    ]


def test_a_stream_hands_a_sentence_on_when_the_next_one_begins() -> None:
    splitter = EVERY.splitter()

    assert list(splitter.push("Hello there. ")) == []
    assert list(splitter.push("H")) == ["Hello there."]
    patient = basic.SentenceTokenizer(min_sentence_len=1, stream_context_len=3).splitter()
    assert list(patient.push("Hello there. Ho")) == []
    assert list(patient.push("w")) == ["Hello there."]


@pytest.mark.parametrize(
    "unit",
    ["a", ".", ". ", "!\n", " ", "a.", '."', "。"],
    ids=["a", "dot", "dots", "line", "space", "word", "quote", "cjk"],
)
def test_a_megabyte_without_mercy_takes_time_in_proportion(unit: str) -> None:
    """Ten times the text may take ten times as long, and some noise; not a hundred times."""
    tokenizer = basic.SentenceTokenizer(min_sentence_len=1)

    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        splitter = tokenizer.splitter()
        began = time.process_time()
        for at in range(0, size, 10):
            for _ in splitter.push(text[at : at + 10]):
                pass
        list(splitter.flush())
        return time.process_time() - began

    assert seconds(100_000) < 40 * max(seconds(10_000), 0.002)


def test_lengths_that_make_no_sense_are_refused() -> None:
    for lengths in ({"min_sentence_len": 0}, {"stream_context_len": 0}):
        with pytest.raises(ValueError, match="no lengths"):
            basic.SentenceTokenizer(**lengths)
