"""A demand: what has to be true, and the words to say when it is not."""

from __future__ import annotations

_LONGEST = 300


def demand(truth: object, words: str) -> None:
    """Go on where `truth` holds.

    Raises:
        AssertionError: it does not; unlike an ``assert``, under ``python -O`` too, and with words
            that need no rewriting by pytest to be understood.
    """
    if not truth:
        raise AssertionError(words)


def demand_same(seen: object, expected: object, what: str) -> None:
    """Go on where `seen` is equal to `expected`.

    Raises:
        AssertionError: it is not; the words show both.
    """
    demand(seen == expected, f"{what}: {_show(seen)}, expected {_show(expected)}")


def _show(value: object) -> str:
    text = repr(value)
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 2 :]} ({len(text)} characters)"
