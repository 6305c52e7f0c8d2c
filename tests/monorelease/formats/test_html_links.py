"""What an HTML page tells a program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.html_links import Link, read_page


def link(href: str, text: str, yanked: str | None = None) -> Link:
    return Link(href=href, text=text, yanked=yanked)


def test_a_link_has_a_target_and_the_text_of_all_that_is_in_it() -> None:
    page = read_page('<p><a class=x href="a?b&amp;c#d">\n one <b>tw</b>o </a> three')

    assert page.links == (link("a?b&c#d", "one two"),)


def test_a_link_that_is_not_ended_ends_where_the_next_begins_or_with_the_page() -> None:
    assert read_page("<a href=1>one<a href=2>two").links == (link("1", "one"), link("2", "two"))


def test_an_anchor_that_leads_nowhere_is_no_link() -> None:
    assert read_page("<a name=x>one</a><a href=''>two</a><a href>three</a></a>").links == ()


def test_a_yanked_link_has_a_reason_or_an_empty_one() -> None:
    page = read_page('<a href=1 data-yanked>1</a><a href=2 data-yanked="&quot;bad&quot;">2</a>')

    assert page.links == (link("1", "1", ""), link("2", "2", '"bad"'))


@pytest.mark.parametrize(
    ("markup", "version"),
    [
        ("<html>", "1.0"),
        ('<meta name="pypi:repository-version" content="1.4">', "1.4"),
        ('<meta content="2.0" name="pypi:repository-version"/>', "2.0"),
        ('<meta name="pypi:repository-version">', ""),
        ('<meta name="generator" content="7">', "1.0"),
    ],
)
def test_a_page_has_a_repository_version(markup: str, version: str) -> None:
    assert read_page(markup).api_version == version


@pytest.mark.parametrize(
    ("markup", "is_for_browsers"),
    [
        ("<!DOCTYPE html>", False),
        ("<form><input type=submit></form>", False),
        ("<form><input type=password></form>", True),
        ("<div id=root></div><script src=app.js></script>", True),
        ("<iframe src=login></iframe>", True),
    ],
)
def test_passwords_and_scripts_are_for_browsers(markup: str, *, is_for_browsers: bool) -> None:
    assert read_page(markup).is_for_browsers == is_for_browsers


@pytest.mark.parametrize("text", ["", "Not found", "<!-- nothing -->"])
def test_text_without_markup_is_no_page(text: str) -> None:
    with pytest.raises(ValueError, match="no HTML page"):
        read_page(text)


@pytest.mark.parametrize(
    ("markup", "href"),
    [
        ("<A HREF = x>", "x"),
        ("<a\nhref\n=\n'x'\n>", "x"),
        ('<a data-requires-python=">=3,<4" href="x">', "x"),
        ("<a title='a \"b\" > c' href=x>", "x"),
        ("<a title=it's href=x>", "x"),
        ("<a href=x href=y>", "x"),
        ("<a href=x/y?z=1>", "x/y?z=1"),
        ("<a/href=x>", "x"),
        ("<a 'href=x>", "x"),
        ("<a href='x&#233;&amp;'>", "xé&"),
        (f"<a href='x&#{'9' * 5000};'>", f"x&#{'9' * 5000};"),
        ("<!-- <a href=y> --><a href=x>", "x"),
        ("<?php <a href=y ?><a href=x>", "x"),
        ("1 < 2 <a href=x>", "x"),
    ],
)
def test_markup_has_many_spellings(markup: str, href: str) -> None:
    assert [found.href for found in read_page(f"<p>{markup}").links] == [href]


@pytest.mark.parametrize("rest", ["", "=", "=x", "='x", '="x', "=x <b", "=x<!--"])
def test_a_tag_that_is_not_closed_is_none(rest: str) -> None:
    assert read_page(f"<a href=1>one</a><a href{rest}").links == (link("1", "one"),)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<a",
        "</a",
        "<!--",
        "<!",
        "<![",
        "<?",
        "&",
        "<a x='",
        '<a x="',
        "<a>",
        "= ",
        "a=",
    ],
)
def test_hostile_markup_is_read_in_one_go(piece: str) -> None:
    """Each takes minutes where it is gone through again and again."""
    read_page("<html>" + piece * 60_000)
    read_page("<html><a " + piece * 60_000 + ">")


@pytest.mark.property
@given(st.lists(st.sampled_from(["<a href='x'", ">", "</a", "<!--", "<![CDATA[", "&#", "<!", "t"])))
def test_broken_markup_is_read_or_refused_in_words(parts: list[str]) -> None:
    try:
        page = read_page("".join(parts))
    except ValueError as error:
        assert str(error) == "answers with text that is no HTML page"  # noqa: PT017 - or none
    else:
        assert {link.href for link in page.links} <= {"x"}


def test_a_page_of_far_too_many_tags_is_refused() -> None:
    with pytest.raises(ValueError, match="more tags than an index"):
        read_page("<a>" * 500_002)
