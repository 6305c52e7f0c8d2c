"""HTML that cannot be broken out of: words become markup here alone, and types tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NewType

from monorelease.reports.printable import printable, printable_lines

Html = NewType("Html", str)
"""Markup that is safe as it stands."""

_SPECIAL = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}  # as html.escape has it
)


def text(words: str) -> Html:
    """Words within a line: nothing in them is markup, and nothing steers."""
    return Html(printable(words).translate(_SPECIAL))


def lines(words: str) -> Html:
    """Words of several lines, likewise."""
    return Html(printable_lines(words).translate(_SPECIAL))


def element(tag: str, /, *inside: Html, **attributes: str | float | bool) -> Html:
    """An element around its parts.

    Attributes are escaped. A ``_`` in a name becomes a ``-``, one at its end goes (``class_``);
    True makes an attribute without a value, False none.

    >>> element("a", text("R&D"), href="#why", class_="quiet")
    '<a href="#why" class="quiet">R&amp;D</a>'
    """
    return Html(f"<{tag}{_attributes(attributes)}>{''.join(inside)}</{tag}>")


def void(tag: str, /, **attributes: str | float | bool) -> Html:
    """An element that has no inside: ``<meta …>``."""
    return Html(f"<{tag}{_attributes(attributes)}>")


def joined(parts: Iterable[Html], between: str = "") -> Html:
    """All the parts, with words `between` them."""
    return Html(text(between).join(parts))


def stacked(*parts: Html) -> Html:
    """The parts that are not empty, each on lines of its own: for who reads the source."""
    return Html("".join(f"\n{part}" for part in parts if part) + "\n")


def table(name: str, columns: Sequence[str], rows: Iterable[Html], *, class_: str = "") -> Html:
    """A table that scrolls in a box of its own where it is wider than the page."""
    heads = (element("th", text(column), scope="col") for column in columns)
    inside = stacked(
        element("caption", text(name)),
        element("thead", element("tr", *heads)),
        element("tbody", stacked(*rows)),
    )
    return element(
        "div",
        element("table", inside, class_=class_),
        class_="scroll",
        role="group",
        aria_label=name,
        tabindex="0",
    )


def _attributes(attributes: dict[str, str | float | bool]) -> str:
    written = []
    for key, value in attributes.items():
        name = key.removesuffix("_").replace("_", "-")
        if value is True:
            written.append(f" {name}")
        elif value is not False:
            written.append(f' {name}="{text(str(value))}"')
    return "".join(written)
