from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monorelease.reports.review_markdown import LONGEST, markdown_html, phrase_html
from reviews import Page

HARMLESS = {
    *("a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"),
    *("span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "div"),
}
PIECES = (
    *("<script>", "</div>", "[x](javascript:a)", "[x](data:text/html,y)", "![x](http://a/b.png)"),
    *("<a href='x'>", "[x](https://example.org)", "<https://a.b>", "`", "```", "**", "# ", "- "),
    *("| a | b |", "|---|---|", "&#x202e;", "\u202e", "\x1b[31m", "\n", "\n\n", "> ", "[", "]("),
    *("[a]: javascript:b", "\\", "<!--", "<svg onload=x>", "mailto:a@b.c", '"', "'"),
)


def page(source: str, level: int = 4) -> Page:
    return Page(f"<main>{markdown_html(source, level)}</main>")


def test_it_reads_as_it_will_where_changelogs_are_read() -> None:
    found = page("## 1.0.1\n\n### Fixes\n\n- Some **new** `code`.\n\n| a |\n|---|\n| 1 |\n")

    assert [each.text for each in found.all("h4") + found.all("h5")] == ["1.0.1", "Fixes"]
    assert found.one("strong").text == "new"
    assert found.one("li").text == "Some new code."
    assert found.one("div", class_="scroll").attributes["tabindex"] == "0"


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        pytest.param("# a\n# b\n## c", ["h4", "h4", "h5"], id="shifted"),
        pytest.param("## a\n##### b\n#### c", ["h4", "h5", "h5"], id="none-left-out"),
        pytest.param("### a\n# b", ["h4", "h4"], id="outwards"),
        pytest.param("# a\n## b\n### c\n#### d", ["h4", "h5", "h6", "h6"], id="no-deeper-than-six"),
    ],
)
def test_headings_follow_one_by_one(source: str, levels: list[str]) -> None:
    headings = [each.tag for each in page(source).elements if each.tag[0] == "h"]

    assert headings == levels


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("<img src=x onerror=alert(1)>", id="image"),
        pytest.param("x <b onclick=y>z</b>", id="inline"),
        pytest.param("</article></main>", id="end-tags"),
        pytest.param("<!-- -->", id="comment"),
    ],
)
def test_html_is_shown_as_it_was_typed(source: str) -> None:
    found = page(source)

    assert [each.tag for each in found.elements] == ["main", "p"]
    assert found.one("p").text == source


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JaVaScRiPt:a", "data:text/html,x", "vbscript:x", "file:///etc/passwd"],
)
def test_a_hostile_link_is_no_link(target: str) -> None:
    assert page(f"[x]({target}) <{target}>\n\n[y][z]\n\n[z]: {target}").all("a") == []


@pytest.mark.parametrize(
    "target", ["docs/guide.md", "#there", "//example.org", "ftp://example.org"]
)
def test_what_leads_nowhere_from_here_is_words(target: str) -> None:
    found = page(f"See [the *guide*]({target} 'title').")

    assert found.all("a") == []
    assert found.one("p").text == "See the guide."
    assert found.one("span").attributes == {}


@pytest.mark.parametrize("target", ["https://example.org/a?b=c&d", "http://a.b", "mailto:a@b.c"])
def test_a_link_to_the_web_or_a_mail_program_is_one(target: str) -> None:
    link = page(f"[x]({target})").one("a")

    assert link.attributes == {"href": target, "rel": "noopener noreferrer"}


def test_an_image_is_its_description() -> None:
    found = page('![a "tracker"](https://example.org/x.png)')

    assert found.one("em").text == 'image: a "tracker"'
    assert found.all("img") == []


@pytest.mark.parametrize("source", ["a\u202eb", "a&#x202e;b", "`a\u202eb`", "[a\u202eb](http://c)"])
def test_what_turns_the_direction_of_writing_is_spelled_out(source: str) -> None:
    words = page(source).one("main").text

    assert words == r"a\x202eb"


def test_a_monstrous_text_is_shown_and_not_rendered() -> None:
    found = page("# x\n" * LONGEST)

    assert found.one("p").text == f"{4 * LONGEST:,} characters: too many to be rendered."
    assert len(found.one("pre").words[0]) <= LONGEST


def test_a_phrase_has_no_paragraphs() -> None:
    assert phrase_html("Frees `dispose()` &amp; <b>") == (
        "Frees <code>dispose()</code> &amp; &lt;b&gt;"
    )


@pytest.mark.property
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=14))
@example(pieces=["\\\n<script>"])
def test_nothing_but_harmless_elements_comes_out(pieces: list[str]) -> None:
    found = page("".join(pieces))

    assert {each.tag for each in found.elements} <= HARMLESS | {"main"}
    for each in found.elements:
        assert set(each.attributes) <= {"href", "rel", "title", "class", "start", "style"} | {
            *("role", "aria-label", "tabindex")
        }
    for _, target in found.references():
        assert target.lower().startswith(("http://", "https://", "mailto:"))
    assert "\u202e" not in found.one("main").text
    assert "\x1b" not in found.one("main").text
