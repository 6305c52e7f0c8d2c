"""How far what was heard is from what was said."""

from __future__ import annotations

import unicodedata

_NUMBERS = {
    "0": "zero",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "10": "ten",
    "11": "eleven",
    "12": "twelve",
}
_APOSTROPHES = frozenset("'\N{RIGHT SINGLE QUOTATION MARK}")


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` without what services write differently.

    Case, punctuation and the look of characters are dropped: "Don't STOP!" has the words
    "dont" and "stop". Numbers up to twelve are written out, in English: "6" is "six".
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return tuple(_NUMBERS.get(word, word) for word in "".join(map(_spoken, folded)).split())


def word_error_rate(expected: str, actual: str) -> float:
    """Return the fewest words to replace, drop or insert, for each word of `expected`.

    0 means the same words; more than 1 is possible, when `actual` is much longer.

    Raises:
        ValueError: when `expected` has no words, so that there is nothing to count by.
    """
    said, heard = words(expected), words(actual)
    if not said:
        raise ValueError(f"there are no words to expect in {expected!r}")
    return _edit_distance(said, heard) / len(said)


def assert_same_words(expected: str, actual: str, *, at_most: float = 0.2) -> None:
    """Fail unless the word error rate is `at_most` so much.

    The default allows one word in five to differ: services spell numbers and names as they like.

    Raises:
        AssertionError: with the rate and both transcripts.
        ValueError: when `expected` has no words.
    """
    rate = word_error_rate(expected, actual)
    if rate > at_most:
        raise AssertionError(
            f"word error rate {rate:.2f} is above {at_most:.2f}\n"
            f"  expected: {' '.join(words(expected))}\n"
            f"  actual:   {' '.join(words(actual))}"
        )


def _spoken(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    return " " if unicodedata.category(character)[0] in "PSZC" else character


def _edit_distance(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """Return the Levenshtein distance, keeping one row of the table at a time."""
    row = list(range(len(right) + 1))
    for at, word in enumerate(left, start=1):
        diagonal, row[0] = row[0], at
        for column, other in enumerate(right, start=1):
            replaced = diagonal + (word != other)
            diagonal = row[column]
            row[column] = min(replaced, diagonal + 1, row[column - 1] + 1)
    return row[-1]
