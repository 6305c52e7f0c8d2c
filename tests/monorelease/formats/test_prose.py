"""Words in Markdown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monorelease.formats.prose import add_words, first_sentence, listed, literal, takes_words

GFM = MarkdownIt("commonmark").enable("table")
FENCE = "```\nx = 1\n```"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    "text",
    [
        FENCE,
        f"Look:\n\n{FENCE}",
        TABLE,
        "a | b\n--- | ---\n1 | 2",
        "> quote",
        "> quote\nthat goes on",
        "# Heading",
        "Heading\n---",
        "text\n\n---",
        "text\n\n    code",
        "- item\n\n      code",
        f"- item\n\n  {FENCE.replace(chr(10), chr(10) + '  ')}",
        "[1]: https://x.example",
        "<details>\nmore\n</details>",
        "<!-- comment -->",
    ],
)
def test_words_behind_what_is_no_paragraph_stand_alone(text: str) -> None:
    assert not takes_words(text)
    assert add_words(text, "(#1)") == f"{text}\n\n(#1)"
    last = [t for t in GFM.parse(add_words(text, "(#1)")) if t.type == "inline"][-1]
    assert last.content == "(#1)"


@pytest.mark.parametrize(
    "text",
    [
        "text",
        "text\n    that goes on",
        f"{FENCE}\n\ntext",
        "> quote\n\ntext",
        "a | b",
        "<https://x.example> is gone",
        "*emphasis*",
        "https://x.example",
    ],
)
def test_words_behind_a_paragraph_go_on_in_it(text: str) -> None:
    assert takes_words(text)
    assert add_words(text, "(#1)") == f"{text} (#1)"


def test_words_behind_a_list_are_not_of_its_last_item() -> None:
    assert takes_words("- one\n- two"), "towncrier may put a link there"
    assert add_words("Both:\n\n- one\n- two", "Thanks!") == "Both:\n\n- one\n- two\n\nThanks!"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One thing. Another.", "One thing."),
        ("One thing\nover two lines. Another.", "One thing over two lines."),
        ("No stop", "No stop."),
        ("Really? Yes.", "Really?"),
        ("Since e.g. This is none. Another.", "Since e.g. This is none."),
        ("Python 3.12 is new. Old.", "Python 3.12 is new."),
        ("Uses v1. and goes on. Another.", "Uses v1. and goes on."),
        ("Use `a. B`. Then.", "Use `a. B`."),
        ("See [a. B](https://x.example/a). Then.", "See [a. B](https://x.example/a)."),
        ("(In brackets.) Then.", "(In brackets.)"),
        ("**Bold.** Then.", "**Bold.**"),
        ("# A heading\n\nText.", "A heading."),
        ("- First item\n- Second", "First item."),
        ("1. First\n   item\n2. Second", "First item."),
        ("- [ ] To do", "To do."),
        ("> Said so", "Said so."),
        ("These:\n\n- a", "These."),
        (f"{FENCE}\n\nAfter code.", "After code."),
        (f"{TABLE}\n\nAfter a table.", "After a table."),
        ("<!-- note -->\nAfter a comment.", "After a comment."),
        ("<details>\n<summary>x</summary>\n\nInside.", "Inside."),
        ("---\n\nAfter a rule.", "After a rule."),
        ("An open ` tick", "An open \\` tick."),
        (FENCE, ""),
        (TABLE, ""),
        ("", ""),
        ("***", ""),
    ],
)
def test_the_first_sentence_is_what_a_text_says_first(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_long_sentence_ends_at_a_word() -> None:
    assert first_sentence("word, " * 100, limit=16) == "word, word …"


def test_a_long_sentence_never_ends_in_the_middle_of_code_or_a_link() -> None:
    text = "Since [the long story](https://x.example/very/long) and `some code with blanks` it is."

    assert first_sentence(text, limit=20) == "Since …"
    assert first_sentence(text, limit=64) == (
        "Since [the long story](https://x.example/very/long) and …"
    )


def test_a_word_without_end_is_cut() -> None:
    assert first_sentence("x" * 1000, limit=10) == "xxxxxxxxxx…"


MARKED = st.lists(
    st.sampled_from(["word", ". ", "`", "```", "[", "](", ")", "<", "# ", "- ", "\n", "\n\n", "|"]),
    max_size=30,
).map("".join)


@pytest.mark.property
@given(MARKED | st.text(), st.integers(min_value=5, max_value=80))
def test_a_first_sentence_is_one_line_of_bounded_length(text: str, limit: int) -> None:
    sentence = first_sentence(text, limit)

    assert "\n" not in sentence
    # Where it cannot be kept whole, each mark is spelled out: at most two characters for one.
    assert len(sentence) <= 2 * limit + 2
    assert not sentence or sentence.endswith(tuple(".!?…")) or sentence[-1] in "\"'\u2019\u201d)]*_"


@pytest.mark.property
@given(MARKED)
def test_a_first_sentence_leaves_no_code_open(text: str) -> None:
    sentence = first_sentence(text)
    inline = GFM.parseInline(f"{sentence} `name`")[0].children or ()
    ticked = [token.content for token in inline if token.type == "code_inline"]

    assert not sentence or ticked[-1] == "name"


@pytest.mark.property
@given(st.text())
def test_a_literal_text_reads_as_it_is(text: str) -> None:
    inline = GFM.parseInline(f"Thanks {literal(text)}!")[0].children or []

    assert {child.type for child in inline} == {"text"}


def test_a_literal_text_notifies_nobody() -> None:
    assert literal("@everyone <b>\n[x](y)") == "at everyone \\<b\\> \\[x\\]\\(y\\)"


def test_words_are_listed_as_people_do() -> None:
    assert [listed("abc"[:count]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    "text",
    [
        "|" + " " * 100_000 + "x",
        "x" + " -|" * 50_000 + "x",
        "- " * 20_000 + "x",
        "`" * 100_000 + "x`",
        "# " + "# " * 50_000,
        "word. " * 50_000,
        "`a. B " * 50_000,
    ],
    ids=["blanks", "table", "items", "ticks", "marks", "sentences", "open code"],
)
def test_no_text_takes_longer_than_its_length_allows(text: str) -> None:
    started = time.process_time()

    takes_words(text)
    first_sentence(text)

    assert time.process_time() - started < 5
