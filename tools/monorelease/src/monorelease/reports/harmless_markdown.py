"""Markdown from strangers, parsed and written anew: it reads as it did, and does nothing.

Only marks of ours are written, around words that mean just themselves. Each paragraph becomes
one line: forges break the lines of a comment where the text does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from monorelease.reports.harmless import (
    MARK,
    at_the_start,
    autolinked,
    closes,
    code,
    escaped,
    fenced,
    is_address,
    linked,
    visible,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

_BARE_ADDRESS = re.compile(r"((?i:https?)://[^\s<>\"'`|\\]*[^\s<>\"'`|\\.,:;!?)\]*_~])")
_LATER_LINE = re.compile(r"(?<=\n)(?=[^\n])")
_BREAKS = {"softbreak": " ", "hardbreak": "<br>"}


def block(markdown: str) -> str:
    """The `markdown` of a changelog, harmless; without a newline at its end.

    Headings, lists, quotes, tables, code, emphasis and links to the web stay. Images become
    links, and HTML the words that it is made of. What is nested deeper than twenty levels is
    left out.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = iter(parser.parse(visible(markdown)))
    return "\n\n".join(text for _, text in _blocks(tokens) if text)


def _blocks(tokens: Iterator[Token]) -> Iterator[tuple[Token, str]]:
    """Each block up to the end of the one around it, by its first token."""
    for token in tokens:
        if token.nesting < 0:
            return
        yield token, _block(token, tokens)


def _block(first: Token, rest: Iterator[Token]) -> str:
    match first.type:
        case "heading_open" | "paragraph_open":
            return _words(first, rest)
        case "bullet_list_open" | "ordered_list_open":
            return _list(rest)
        case "blockquote_open":
            body = "\n\n".join(text for _, text in _blocks(rest) if text)
            return "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
        case "table_open":
            return _table(rest)
        case "hr":
            return "___"
        case _:  # fenced or indented
            return fenced(first.content, first.info.partition(" ")[0])


def _words(first: Token, rest: Iterator[Token]) -> str:
    """A paragraph or a heading, and past its end."""
    words = _line(next(rest))
    next(rest)
    if first.type == "paragraph_open" or not words:
        return at_the_start(words)
    return f"{'#' * int(first.tag[1:])} {words}"


def _list(tokens: Iterator[Token]) -> str:
    items: list[str] = []
    is_tight = True
    for item in takewhile(lambda token: token.nesting > 0, tokens):
        blocks = [(token, text) for token, text in _blocks(tokens) if text]
        is_tight &= all(token.hidden for token, _ in blocks if token.type == "paragraph_open")
        marker = f"{item.info}{item.markup} " if item.info else "- "
        body = ("\n" if is_tight else "\n\n").join(text for _, text in blocks)
        if body:
            items.append(marker + _LATER_LINE.sub(" " * len(marker), body))
    return ("\n" if is_tight else "\n\n").join(items)


def _table(tokens: Iterator[Token]) -> str:
    rows: list[list[str]] = []
    for token in takewhile(lambda token: token.type != "table_close", tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_line(token))
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(inline: Token) -> str:
    """All that stands in a paragraph, a heading or a cell, on one line."""
    children = inline.children or []
    pieces = [_content(token) for token in children]
    # Some forges read on through markup, and for others a word begins behind it.
    is_closing = closes(" ".join((*_addresses(children), *pieces, "".join(pieces))))
    # What is taken away, and what emphasis begins or ends with, makes one word of none.
    seam = MARK if is_closing else ""
    written: list[str] = []
    opened: Token | None = None
    place = 0
    for token in children:
        if token.type == "link_open":
            opened, place = token, len(written)
        elif token.type == "link_close" and opened is not None:
            words = f"{seam}{''.join(written[place:])}{seam}"
            written[place:] = [_link(opened, words)]
            opened = None
        elif token.nesting:
            written.append(f"{seam if token.nesting < 0 else ''}{token.markup}")
            written.append(seam if token.nesting > 0 else "")
        else:
            written.append(_piece(token, is_closing=is_closing, is_linked=opened is not None))
    return "".join(written).strip()


def _piece(token: Token, *, is_closing: bool, is_linked: bool) -> str:
    match token.type:
        case "text" if is_linked:
            return escaped(token.content, is_closing=is_closing)
        case "text":
            return "".join(_pieces(token.content, is_closing=is_closing))
        case "image":
            words = escaped(token.content or "image", is_closing=is_closing)
            words = MARK + words + MARK if is_closing else words
            return words if is_linked else linked(words, str(token.attrs["src"]))
        case "code_inline":
            return code(token.content) or MARK
        case _:
            return _BREAKS[token.type]


def _pieces(text: str, *, is_closing: bool) -> Iterator[str]:
    """The words, and the addresses between them."""
    for number, piece in enumerate(_BARE_ADDRESS.split(text)):
        is_link = number % 2 == 1 and piece.isascii() and is_address(piece)
        yield autolinked(piece) if is_link else escaped(piece, is_closing=is_closing)


def _link(opened: Token, words: str) -> str:
    address = str(opened.attrs["href"])
    if opened.info == "auto" and is_address(address):
        return autolinked(address)
    return linked(words, address)


def _addresses(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        yield str(token.attrs.get("href", token.attrs.get("src", "")))


def _content(token: Token) -> str:
    return token.content or _BREAKS.get(token.type, "")
