"""Which member a name means that another tool, or another language, has for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.model.value import value
from monorelease.model.workspace import Member, Workspace

_SIGNS = frozenset("*?[")


@value
class NameBook:
    """What is known about names that are not the members' own."""

    said: Mapping[str, NormalizedName | None]
    """By whoever runs the command: a name, or the path of a file or folder, and the member
    that is meant; None for what is nobody here."""
    listed: Mapping[str, NormalizedName]
    """By other files beside a member's own: the name in its ``package.json``."""


@value
class Meaning:
    """What a name means."""

    member: NormalizedName | None
    """None for nobody here."""
    is_guess: bool = False
    """Whether only likeness speaks for it."""


def meaning_of(word: str, workspace: Workspace, book: NameBook) -> Meaning | None:
    """Which member `word` means; None where that cannot be told.

    What somebody said comes first, then what files say, then the members' own names, folders
    and how names are usually made from one another: ``@acme/core`` is ``acme-core`` or ``core``.
    """
    if word in book.said:
        return Meaning(member=book.said[word])
    if word in book.listed:
        return Meaning(member=book.listed[word])
    own = [m.name for m in workspace if m.name == canonicalize_name(word) or str(m.path) == word]
    if own:
        return Meaning(member=own[0])
    for likely in _guesses(word, workspace):
        names = {member.name for member in likely}
        if len(names) == 1:
            return Meaning(member=names.pop(), is_guess=True)
    return None


def meanings_of_glob(
    pattern: str, workspace: Workspace, book: NameBook
) -> tuple[NormalizedName, ...]:
    """The members that a glob over the other tool's names means, in the workspace's order."""
    if not _SIGNS & set(pattern):
        meaning = meaning_of(pattern, workspace, book)
        return () if meaning is None or meaning.member is None else (meaning.member,)
    words = [*book.listed, *book.said]
    named = {book.listed.get(w) or book.said.get(w) for w in words if fnmatchcase(w, pattern)}
    own = canonicalize_name(pattern.lstrip("@").replace("/", "-"))
    last = canonicalize_name(pattern.rpartition("/")[2])
    return tuple(
        name
        for name in workspace.names
        if name in named or fnmatchcase(name, own) or (last != "*" and fnmatchcase(name, last))
    )


def _guesses(word: str, workspace: Workspace) -> Iterator[Iterable[Member]]:
    """Members that `word` is like, the likeliest first."""
    whole = canonicalize_name(word.lstrip("@").replace("/", "-"))
    last = canonicalize_name(word.rstrip("/").rpartition("/")[2])
    yield [m for m in workspace if m.name == whole]
    yield [m for m in workspace if m.name == last]
    yield [m for m in workspace if canonicalize_name(m.path.name) == last]
    yield [m for m in workspace if m.name.endswith(f"-{last}")]
