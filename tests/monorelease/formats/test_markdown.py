"""Markdown's blocks, held against a complete implementation of CommonMark."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monorelease.formats.markdown import close, demote, headings, plain, scan

COMMONMARK = MarkdownIt("commonmark")
LINES = st.sampled_from(
    [
        "",
        "text",
        "  text",
        "    text",
        "```",
        "```python",
        "````",
        "~~~",
        "  ```",
        "    ```",
        "      ```",
        "- item",
        "  - item",
        "* item",
        "1. item",
        "- ```",
        "# Heading",
        "## 1.0 - x ##",
        "  # Heading",
        "#",
        "<!-- comment",
        "end -->",
        "<!-- comment -->",
        "Title\n=====",
        "Title\n---",
    ]
)
TEXTS = st.lists(LINES, max_size=10).map("\n".join)


def goes_on_lazily(text: str) -> bool:
    """Whether a paragraph of a list may go on without being indented, which `scan` passes over."""
    return any(
        above.strip() and below.strip() and _column(below) < _column(above)
        for above, below in zip(text.split("\n"), text.split("\n")[1:], strict=False)
        if not below.lstrip().startswith(("-", "*", "1."))
    )


def _column(line: str) -> int:
    """Where the words of the line begin."""
    return len(line) - len(line.lstrip(" -*1."))


@pytest.mark.property
@given(TEXTS)
def test_code_and_comments_are_found_where_commonmark_finds_them(text: str) -> None:
    assume(not goes_on_lazily(text))
    lines = text.split("\n")
    expected = {
        line
        for token in COMMONMARK.parse(text)
        if token.type in {"fence", "html_block"} and token.map
        for line in range(*token.map)
        if lines[line].strip()
    }

    found = scan(text)

    assert {n for n, is_it in enumerate(found.verbatim) if is_it and lines[n].strip()} == expected


@pytest.mark.property
@given(TEXTS)
def test_marked_headings_are_found_where_commonmark_finds_them(text: str) -> None:
    assume(not goes_on_lazily(text))
    tokens = COMMONMARK.parse(text)
    expected = [
        (token.map[0], len(token.markup), tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map and "#" in token.markup
    ]

    assert [(h.line, h.level, h.title) for h in headings(text) if h.height == 1] == expected


@pytest.mark.property
@given(TEXTS, TEXTS)
def test_what_follows_a_closed_text_is_not_swallowed(text: str, after: str) -> None:
    whole = scan(f"{close(text)}\n\n{after}")

    assert scan(close(text)).unclosed == ""
    assert (
        whole.verbatim[-len(scan(after).lines) :] == scan(after).verbatim or scan(text).columns[-1]
    )


@pytest.mark.property
@given(st.text())
def test_a_closed_text_stays_as_it_is(text: str) -> None:
    assert close(close(text)) == close(text)
    assert close(text).startswith(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2\n===", [(0, 1, "1.2")]),
        ("1.2 (2026-01-01)\n------", [(0, 2, "1.2 (2026-01-01)")]),
        ("- item\n---", []),
        ("> quote\n---", []),
        ("\n---", []),
        ("- item\n\n  ## In a list", []),
        ("- ## In a list", []),
        ("    # Code", []),
        ("```\n# Code\n```\n# Heading", [(3, 1, "Heading")]),
        ("- ```\n# Heading", [(1, 1, "Heading")]),
        ("- item\n  <!-- comment\n# Heading", [(2, 1, "Heading")]),
        ("# C#", [(0, 1, "C#")]),
        ("#no", []),
        ("####### no", []),
    ],
)
def test_headings_are_marked_or_underlined(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert [(h.line, h.level, h.title) for h in headings(text)] == expected


def test_headings_are_demoted_and_code_is_not() -> None:
    text = "# A\n```\n# code\n```\n##### B ##\ntext"

    assert demote(text, 2) == "### A\n```\n# code\n```\n###### B\ntext"


def test_underlined_headings_keep_their_level() -> None:
    assert demote("A\n===\n\n# B", 1) == "A\n===\n\n## B"


def test_newlines_become_line_feeds_and_controls_go() -> None:
    assert plain("a\r\nb\rc\x00\x1b[0m\td\x85e") == "a\nb\nc[0m\tde"


def test_long_lines_take_no_longer_than_they_are_long() -> None:
    scan("# " + " " * 200_000 + "x")
    assert [h.title for h in headings("# a" + " " * 200_000 + "b #")] == ["a" + " " * 200_000 + "b"]
