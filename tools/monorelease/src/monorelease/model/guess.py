"""The word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 200
"""Nobody mistypes a longer word, and comparing costs the product of the lengths."""


def near(word: str, choices: Iterable[str]) -> str | None:
    """The choice nearest to `word`, letter case aside; None where none comes near.

    The answer does not depend on the order of the choices.
    """
    if len(word) > _LONGEST:
        return None
    by_folded = {choice.casefold(): choice for choice in sorted(choices)}
    folded = word.casefold()
    if folded in by_folded:
        return by_folded[folded]
    from difflib import get_close_matches  # only those who made a mistake wait for it

    matches = get_close_matches(folded, by_folded, n=1)
    return by_folded[matches[0]] if matches else None


def suggestion(word: str, choices: Iterable[str], *, otherwise: str) -> str:
    """A hint that names the near choice, or else says `otherwise`."""
    guess = near(word, choices)
    return otherwise if guess is None else f"did you mean {guess!r}?"
