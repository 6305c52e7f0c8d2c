"""Markdown from the repository as harmless HTML: words, links that people may follow, no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.review_markup import Html, element, lines, stacked, text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 100_000
"""Characters from which on nothing is rendered: no changelog's section is that long."""

_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_DEEPEST = 6


def markdown_html(source: str, level: int) -> Html:
    """CommonMark and tables, rendered.

    HTML in it is shown as it was typed, an image as its description. Links lead to the web and
    to mail programs; others stay words.

    Args:
        source: Markdown that anybody may have written.
        level: of the outermost headings; those inside them follow one by one.
    """
    if len(source) > LONGEST:
        note = element("p", text(f"{len(source):,} characters: too many to be rendered."))
        return stacked(note, element("pre", lines(source[:LONGEST])))
    tokens = _parser().parse(printable_lines(source))
    _shift_headings(tokens, level)
    return _rendered(tokens)


def phrase_html(source: str) -> Html:
    """Words within a line, with their emphasis, code and links."""
    return _rendered(_parser().parseInline(printable(source)))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("image", _image)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _rendered(tokens: Sequence[Token]) -> Html:
    for token in tokens:
        _disarm(token.children or ())
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    return Html(printable_lines(rendered))  # an entity may stand for what steers


def _shift_headings(tokens: Sequence[Token], level: int) -> None:
    """Give headings the levels that they have inside the page, none left out."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            own = int(token.tag[1:])
            while above and above[-1] >= own:
                above.pop()
            above.append(own)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + len(above) - 1, _DEEPEST)}"


def _disarm(tokens: Sequence[Token]) -> None:
    """Let links lead where they may, and make words of the others."""
    tags = []
    for token in tokens:
        if token.type == "link_open":
            may_lead = _LINK.match(str(token.attrGet("href")))
            tags.append("a" if may_lead else "span")
            if may_lead:
                token.attrSet("rel", "noopener noreferrer")
            else:
                token.attrs.clear()
            token.tag = tags[-1]
        elif token.type == "link_close":
            token.tag = tags.pop()


def _image(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:  # noqa: ANN401 - as called
    return element("em", text(f"image: {tokens[at].content}"))


def _table_open(*_: Any) -> str:  # noqa: ANN401 - as the renderer calls it
    return '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>\n'


def _table_close(*_: Any) -> str:  # noqa: ANN401 - as the renderer calls it
    return "</table></div>\n"
