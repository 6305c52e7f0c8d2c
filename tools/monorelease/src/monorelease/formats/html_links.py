"""What an HTML page tells a program: its links, its repository version, and for whom it is.

Pages come from the network, and `html.parser` of the older Pythons that are supported here takes
the square of a page's length where tags are not closed: a minute for 80 kB. Here no character is
looked at more than a few times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from monorelease.model.value import value

# Every alternative takes what it began, if need be to the end of the page: nothing is tried in
# vain twice. A quote that is not closed is the last of its kind, and so looked for only once.
_TOKEN = re.compile(
    r"""
      <!-- (?: .*? --> | .* )
    | <! (?P<declared> [^>]*+ ) >?
    | <\? [^>]*+ >?
    | < (?P<tag> /? [A-Za-z] [^\s/>]*+ )
        (?P<attributes> (?: =\s*+"[^"]*+" | =\s*+'[^']*+' | [^>] )*+ ) (?P<closed> >? )
    | (?P<words> [^<]++ | < )
    """,
    re.VERBOSE | re.DOTALL,
)

_ATTRIBUTE = re.compile(
    r"""
    (?P<name> [^\s"'<>/=]++ )
    (?: \s*+ = \s*+ (?: "(?P<double> [^"]*+ )" | '(?P<single> [^']*+ )' | (?P<bare> [^\s>]*+ ) ) )?
    """,
    re.VERBOSE,
)


class _Tag(NamedTuple):
    name: str
    """In lower case, ``/a`` for the end of an ``a``."""
    attributes: dict[str, str]
    words: list[str]
    """What stands between it and the next."""


_END = _Tag("", {}, [])

_MOST = 500_000
"""Tags of one page: a hundred thousand files have fewer."""


@value
class Link:
    """One anchor that leads somewhere."""

    href: str
    text: str
    """Without blanks at its ends."""
    yanked: str | None
    """What ``data-yanked`` says (PEP 592), perhaps nothing; None where there is none."""


@value
class Page:
    """What was found on a page."""

    links: tuple[Link, ...]
    api_version: str
    """Of the simple API (PEP 629), ``1.0`` where the page does not say."""
    is_for_browsers: bool
    """Whether it asks for a password or runs scripts: no simple page does."""


def read_page(text: str) -> Page:
    """What the page `text` holds; broken markup is read as far as it goes.

    Raises:
        ValueError: there is no markup in it at all, or far more than an index has use for.
    """
    tags = _tags(text)
    if not tags:
        raise ValueError("answers with text that is no HTML page")
    versions = (
        tag.attributes.get("content", "")
        for tag in tags
        if tag.name == "meta" and tag.attributes.get("name") == "pypi:repository-version"
    )
    return Page(
        links=tuple(_links(tags)),
        api_version=next(versions, "1.0"),
        is_for_browsers=any(map(_is_for_browsers, tags)),
    )


def _tags(text: str) -> list[_Tag]:
    tags: list[_Tag] = []
    for token in _TOKEN.finditer(text):
        if len(tags) > _MOST:
            raise ValueError("answers with a page of more tags than an index can have use for")
        if token["declared"] is not None:
            tags.append(_Tag("!", {}, []))
        elif token["closed"]:
            tags.append(_Tag(token["tag"].lower(), _attributes(token["attributes"]), []))
        elif token["words"] and tags:
            tags[-1].words.append(token["words"])
    return tags


def _attributes(text: str) -> dict[str, str]:
    """By name; of several with the same name, the first counts."""
    found = reversed(list(_ATTRIBUTE.finditer(text)))
    return {
        each["name"].lower(): _plain(each["double"] or each["single"] or each["bare"] or "")
        for each in found
    }


def _plain(text: str) -> str:
    """The text without character references."""
    try:
        return unescape(text)
    except ValueError:  # a number of more digits than Python takes
        return text


def _links(tags: Sequence[_Tag]) -> Iterator[Link]:
    anchor, words = _END, list[str]()
    for tag in (*tags, _END):
        if tag.name in {"a", "/a", _END.name}:  # HTML lets the end tag be forgotten
            if href := anchor.attributes.get("href"):
                text = _plain("".join(words)).strip()
                yield Link(href=href, text=text, yanked=anchor.attributes.get("data-yanked"))
            anchor, words = (tag if tag.name == "a" else _END), []
        words += tag.words


def _is_for_browsers(tag: _Tag) -> bool:
    is_password = tag.name == "input" and tag.attributes.get("type") == "password"
    return is_password or tag.name in {"script", "iframe"}
