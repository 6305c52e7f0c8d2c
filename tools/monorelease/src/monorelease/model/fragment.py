"""One contributor's intent: which members a change touches, how strongly, and the words for it."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.value import value


@value
class Entry:
    """One line of a fragment's front matter."""

    name: NormalizedName
    bump: Bump
    line: int
    """In the fragment's file, counted from 1."""


@value
class Fragment:
    """One file in ``changes/``."""

    path: PurePosixPath
    """Relative to the repository's root."""
    id: str
    """What the file name begins with: ``1042``, or ``+slug`` where there is no number."""
    category: str
    """Where the words go in the changelog: the directory name of a towncrier type."""
    entries: tuple[Entry, ...]
    """In the order written; empty says "no release needed"."""
    text: str
    """Markdown, without the front matter, stripped."""

    @property
    def number(self) -> int | None:
        """The issue or pull request number in the file name."""
        return int(self.id) if self.id.isascii() and self.id.isdigit() else None

    def bump_of(self, name: NormalizedName) -> Bump | None:
        """How far this fragment moves `name`; None where it does not name it."""
        return next((e.bump for e in self.entries if e.name == name), None)


@value
class Origin:
    """Where a fragment came from: the commit that added it."""

    commit: str
    """The full object name."""
    author: str
    pull_request: int | None
    """From the subject of the commit, where it names one."""
