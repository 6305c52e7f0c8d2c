from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.reports.review_markup import element, joined, lines, stacked, table, text, void
from reviews import Page

HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param('"><img src=x onerror=alert(1)>', id="attribute"),
    pytest.param("' onclick='x", id="single-quote"),
    pytest.param("&lt;b&gt;", id="entity"),
    pytest.param("\x1b[31mred\u202etxt\x00", id="steering"),
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words_in_an_element_and_in_its_attributes(words: str) -> None:
    page = Page(element("p", element("b", text(words)), title=words))

    assert [each.tag for each in page.elements] == ["p", "b"]
    assert set(page.one("p").attributes) == {"title"}
    assert all(character.isprintable() for character in page.one("b").text)


def test_words_that_steer_are_spelled_out() -> None:
    assert text("\x1b[31m\n") == r"\x1b[31m\x0a"
    assert lines("a\n\u202eb") == "a\n\\x202eb"


def test_an_attribute_that_is_true_has_no_value_and_one_that_is_false_is_none() -> None:
    made = element("details", open=True, hidden=False, aria_label="x", class_="y", rx=6)

    assert made == '<details open aria-label="x" class="y" rx="6"></details>'


def test_a_void_element_is_not_closed() -> None:
    assert void("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_parts_are_joined_with_words_and_stacked_without_what_is_empty() -> None:
    assert joined((text("a"), text("b")), " & ") == "a &amp; b"
    assert stacked(text("a"), text(""), text("b")) == "\na\nb\n"


def test_a_table_scrolls_in_a_box_that_has_its_name() -> None:
    page = Page(table("Who", ("Name",), [element("tr", element("td", text("core")))], class_="x"))

    box = page.one("div", class_="scroll")
    assert (box.attributes["aria-label"], box.attributes["tabindex"]) == ("Who", "0")
    assert page.one("th", scope="col").text == "Name"
    assert page.one("caption").text == "Who"


@pytest.mark.property
@given(words=st.text(max_size=40), name=st.text(max_size=40))
def test_no_words_make_an_element_or_an_attribute(words: str, name: str) -> None:
    page = Page(element("p", text(words), title=name))

    assert [(each.tag, set(each.attributes)) for each in page.elements] == [("p", {"title"})]
