"""What the name of a file in ``changes/`` says: towncrier's ``<issue>.<category>[.<n>].md``."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from monorelease.formats.fragment_codes import mistake, quoted
from monorelease.model.finding import Finding
from monorelease.model.guess import suggestion

_SUFFIX = ".md"
_NOT_FRAGMENTS = frozenset({"readme.md", "agents.md", "claude.md", "gemini.md"})
_ID = re.compile(r"\+?\w[\w.-]*")


def is_fragment(path: PurePosixPath) -> bool:
    """Whether a file in ``changes/`` is meant as one: no note, no template, not hidden."""
    name = path.name.casefold()
    return name.endswith(_SUFFIX) and not name.startswith((".", "_")) and name not in _NOT_FRAGMENTS


def fragment_name(issue: str, category: str, counter: int = 0) -> str:
    """The name of the file for `issue`, with a `counter` where the plain name is taken.

    >>> fragment_name("1042", "fix", 1)
    '1042.fix.1.md'
    """
    return f"{issue}.{category}{f'.{counter}' if counter else ''}{_SUFFIX}"


def read_name(
    path: PurePosixPath, categories: Collection[str]
) -> tuple[str, str, tuple[Finding, ...]]:
    """The id and the category that a file name says, and what is wrong with it.

    As in towncrier the last part that is a category counts, the id is all that stands before
    it, and a number loses its leading zeros. An unknown category is returned as written, a
    missing one as an empty text.
    """
    parts = path.name.split(".")[:-1]
    index = _category_index(parts, categories)
    issue, category = _id(parts[:index]), "".join(parts[index : index + 1])
    mistakes = _mistakes(path, category, categories)
    if _ID.fullmatch(issue) is None or not _is_counter(parts[index + 1 :]):
        problem = f"{quoted(path.name)} is no name for a fragment"
        mistakes = (*mistakes, mistake("bad-fragment-name", problem, path=path))
    return issue, category, mistakes


def _category_index(parts: Sequence[str], categories: Collection[str]) -> int:
    """Where the category stands, or should: behind the last part if there is none at all."""
    places = range(len(parts) - 1, 0, -1)
    known = (place for place in places if parts[place] in categories)
    words = (place for place in places if not _is_number(parts[place]))
    return next(known, next(words, len(parts)))


def _mistakes(
    path: PurePosixPath, category: str, categories: Collection[str]
) -> tuple[Finding, ...]:
    if category in categories:
        return ()
    listed = f"the categories are: {', '.join(sorted(categories))}"
    if not category:
        hint = f"put a category before {_SUFFIX}; {listed}"
        problem = f"{quoted(path.name)} does not say a category"
        return (mistake("missing-category", problem, path=path, hint=hint),)
    hint = suggestion(category, categories, otherwise=listed)
    return (
        mistake("unknown-category", f"{quoted(category)} is not a category", path=path, hint=hint),
    )


def _is_counter(parts: Sequence[str]) -> bool:
    return not parts or (len(parts) == 1 and _is_number(parts[0]))


def _id(parts: Sequence[str]) -> str:
    text = ".".join(parts).strip()
    return (text.lstrip("0") or "0") if _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
