"""Options as Deepgram reads them: pairs of a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl

Query: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values, not encoded yet: whoever sends them does so, once."""

_LONGEST_TAG = 128


def format_query(options: Mapping[str, object]) -> Query:
    """A pair for each option, and for each of several values; what is None is left to Deepgram."""
    return tuple(
        (name, _word(each))
        for name, value in options.items()
        for each in (value if isinstance(value, tuple) else (value,))
        if each is not None
    )


def split_query(url: str | None) -> tuple[str, Query]:
    """A base URL without its query, and the query, which goes along with every request."""
    place, _, query = (url or "").partition("?")
    return place, tuple(parse_qsl(query, keep_blank_values=True))


def several(values: str | Iterable[str]) -> tuple[str, ...]:
    """One value or many, as many."""
    return (values,) if isinstance(values, str) else tuple(values)


def check_tags(tags: Iterable[str]) -> None:
    """Go on where Deepgram takes these tags.

    Raises:
        ValueError: one is longer than 128 characters.
    """
    for tag in tags:
        if len(tag) > _LONGEST_TAG:
            raise ValueError(f"a tag has {_LONGEST_TAG} characters at most: {tag[:20]!r}...")


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
