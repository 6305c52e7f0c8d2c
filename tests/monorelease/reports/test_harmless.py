from __future__ import annotations

import pytest
from hypothesis import example, given

from monorelease.reports.harmless import (
    MARK,
    autolinked,
    code,
    fenced,
    folded,
    inline,
    link,
    visible,
)
from rendered import hostile, misdeeds, rendered


def seen(text: str) -> str:
    """What a reader is to see of `text` on one line."""
    return " ".join(visible(text).split())


@pytest.mark.property
@given(hostile())
@example("<!-- marker -->")
@example("x\n\n/close")
@example("a|b")
@example("1. x")
@example("![x](https://e.example)")
def test_words_stay_words_wherever_they_stand(text: str) -> None:
    words = inline(text)

    for before, after, tags in (
        ("", "", {"p", "/p"}),
        ("- ", "", {"ul", "li", "/li", "/ul"}),
        ("#### ", "", {"h4", "/h4"}),
        ("x ", " y", {"p", "/p"}),
        ("[", "](<https://e.example>)", {"p", "a", "/a", "/p"}),
    ):
        page = rendered(f"{before}{words}{after}")
        assert set(page.tags) <= tags
        assert page.strange == []
        assert seen(text) in page.words.replace(MARK, "")
        assert misdeeds(f"{before}{words}{after}") == []


@pytest.mark.property
@given(hostile(), hostile())
@example("a\\|b", "c\\")
@example("`|`", "|")
def test_a_row_of_a_table_has_as_many_cells_as_were_written(one: str, other: str) -> None:
    page = rendered(f"| A | B |\n| --- | --- |\n| {inline(one)} | {code(other)} |\n\nEnd")

    assert page.tags.count("td") == 2
    assert set(page.tags) <= {
        *("table", "thead", "tr", "th", "/th", "/tr", "/thead", "tbody", "td", "/td", "/tbody"),
        *("/table", "code", "/code", "p", "/p"),
    }
    assert page.words.endswith("End\n")
    assert seen(one) in page.words.replace(MARK, "")


@pytest.mark.property
@given(hostile())
@example("`")
@example("` a `")
@example("``` ` ````")
def test_code_shows_what_it_is_made_of(text: str) -> None:
    page = rendered(code(text))

    assert page.words.strip().replace(MARK, "") == seen(text).replace(MARK, "")
    assert set(page.tags) <= {"p", "code", "/code", "/p"}
    assert misdeeds(code(text)) == []


@pytest.mark.property
@given(hostile())
@example("```\nend of it\n```")
@example("/merge\nfixes #12\n@ada")
def test_a_block_of_code_ends_where_it_should(text: str) -> None:
    markdown = f"{fenced(text)}\n\nEnd"
    page = rendered(markdown)

    assert page.tags == ["pre", "code", "/code", "/pre", "p", "/p"]
    assert page.words.endswith("End\n")
    lines = visible(text).rstrip("\n").expandtabs(4)
    assert page.words.replace(MARK, "").expandtabs(4).startswith(lines)
    assert misdeeds(markdown) == []


@pytest.mark.property
@given(hostile())
@example("</summary><b>")
@example("fixes #12 for @ada")
def test_a_fold_is_closed_by_us_alone(text: str) -> None:
    page = rendered(f"{folded(text, inline(text))}\n\nEnd")

    assert [tag for tag in page.tags if tag not in {"p", "/p"}] == [
        *("details", "summary", "/summary", "/details")
    ]
    assert misdeeds(folded(text, "x")) == []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//e.example",
        "../settings",
        "https://e.example/a b",
        "https://e.example/\n",
        "https://forge.example@e.example/",
        "https://[::1]/",
        "https://é.example/",
        "",
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(address: str) -> None:
    assert link("words", address) == "words"


def test_a_link_keeps_its_address() -> None:
    address = "https://forge.example/a?b=1&copy;=2&c=<|`(x)_*y*"

    page = rendered(link("a *b*", address))

    assert page.links == ["https://forge.example/a?b=1&copy;=2&c=%3C%7C%60(x)_*y*"]
    assert page.words.strip() == "a *b*"


def test_an_address_may_be_its_own_words() -> None:
    page = rendered(autolinked("https://forge.example/a_b?c=1&d=2"))

    assert page.links == ["https://forge.example/a_b?c=1&d=2"]


def test_a_language_is_one_that_is_only_coloured() -> None:
    assert fenced("x = 1", "python").startswith("```python\n")
    assert fenced("graph", "mermaid").startswith("```\n")


def test_hidden_characters_are_seen() -> None:
    assert visible("a\x1b[31m\u202eb\u200bc\U000e0041") == "a\ufffd[31m\ufffdb\ufffdc\ufffd"
    assert visible("a\r\nb\rc\td") == "a\nb\nc\td"


def test_letters_and_pictures_that_are_joined_stay_so() -> None:
    for words in ("👩\u200d🚀", "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f", "❤\ufe0f"):
        assert visible(words) == words
    assert visible("pass\u200dword") == "pass\ufffdword"


def test_words_that_close_nothing_are_left_as_they_are() -> None:
    assert inline("fixes the build") == "fixes the build"
    assert MARK in inline("fixes GH-12")


def test_no_text_is_no_code() -> None:
    assert code(" \n ") == ""
    assert link("", "https://e.example") == ""
