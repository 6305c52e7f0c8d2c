"""What commits and pull requests say of themselves, read from strangers' words."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.value import value


@value
class Saying:
    """A subject line or a title, and what stands below it."""

    type: str = ""
    """The word before the colon, in lower case; empty where there is none."""
    scope: str = ""
    """What stands behind that word in parentheses."""
    is_breaking: bool = False
    """Whether it says that it breaks whom it concerns."""
    text: str = ""
    """Markdown that a fragment can hold: a sentence, then what breaks, as paragraphs."""
    number: int | None = None
    """The pull request, from the end of the line."""


@value
class LoggedCommit:
    """A commit as git tells of it."""

    name: str
    """The full object name."""
    message: str
    paths: tuple[PurePosixPath, ...]
    """The files it changes, relative to the workspace's root."""


@value
class ToldCommit:
    """A commit as far as fragments are concerned."""

    name: str
    """The full object name."""
    saying: Saying | None
    """None where it follows no convention."""
    names: tuple[NormalizedName, ...]
    """The members that it touches."""
    reverts: tuple[str, ...] = ()
    """The commits that it takes back: whole object names, or how they begin."""
