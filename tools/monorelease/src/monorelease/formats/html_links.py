"""What an HTML page tells a program: its links, its repository version, and for whom it is."""

from __future__ import annotations

from html.parser import HTMLParser

from monorelease.model.value import value

_Attributes = list[tuple[str, str | None]]


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
        ValueError: there is no markup in it at all.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_link()
    if not reader.is_html:
        raise ValueError("answers with text that is no HTML page")
    return Page(
        links=tuple(reader.links),
        api_version=reader.api_version,
        is_for_browsers=reader.is_for_browsers,
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.api_version = "1.0"
        self.is_html = False
        self.is_for_browsers = False
        self._open: dict[str, str | None] | None = None
        self._text: list[str] = []

    def handle_decl(self, _decl: str) -> None:
        self.is_html = True

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        self.is_html = True
        values = dict(attrs)
        if tag == "a":
            self.end_link()
            self._open = values
        elif tag == "meta" and values.get("name") == "pypi:repository-version":
            self.api_version = values.get("content") or ""
        elif tag in {"script", "iframe"} or (tag == "input" and values.get("type") == "password"):
            self.is_for_browsers = True

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.end_link()

    def end_link(self) -> None:
        """Take in the anchor that is open; HTML lets its end tag be forgotten."""
        if self._open is not None and self._open.get("href"):
            yanked = self._open["data-yanked"] or "" if "data-yanked" in self._open else None
            text = "".join(self._text).strip()
            self.links.append(Link(href=self._open["href"] or "", text=text, yanked=yanked))
        self._open = None
        self._text.clear()
