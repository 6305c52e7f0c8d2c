"""How messages speak of many things, and of one with a long name."""

from __future__ import annotations

from collections.abc import Sequence

_ENOUGH = 5
_SHORT = 12


def counted(number: int, noun: str) -> str:
    """A number of things, in the singular or the plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def some_of(words: Sequence[str]) -> str:
    """The first few, and how many more there are.

    >>> some_of(["core", "app"]), some_of("abcdefg")
    ('core and app', 'a, b, c, d, e and 2 more')
    """
    more = len(words) - _ENOUGH
    return all_of(words if more <= 0 else [*words[:_ENOUGH], f"{more} more"])


def first_of(words: Sequence[str]) -> str:
    """The first, and how many more there are: for a title.

    >>> first_of(["core"]), first_of(["core", "app", "kit"])
    ('core', 'core and 2 more')
    """
    first, *rest = words
    return f"{first} and {len(rest)} more" if rest else first


def all_of(words: Sequence[str]) -> str:
    """Every one of them, for where each is to be looked at."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def short(commit: str) -> str:
    """As many digits of a commit's name as tell it from all others, in any repository."""
    return commit[:_SHORT]
