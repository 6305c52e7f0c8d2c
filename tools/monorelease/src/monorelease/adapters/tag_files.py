"""Tags as the files in which git keeps them: starting git takes longer than a whole plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monorelease.adapters.state import git_directory

_PACKED = "packed-refs"


def tags_among(root: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that are tags of the repository around `root`; none without git.

    A repository that keeps them otherwise (``reftable``) is asked through git.

    Raises:
        GitFailed: that one cannot be asked.
    """
    git = git_directory(root)
    if git is None or not names:
        return ()
    home = _common(git)
    if (home / "reftable").exists():
        from monorelease.adapters.tags import Tags

        here = Tags(root).here()
        return tuple(name for name in names if name in here)
    packed = _packed(home / _PACKED)
    tags = home / "refs" / "tags"
    return tuple(name for name in names if name in packed or (tags / name).is_file())


def _common(git: Path) -> Path:
    """Where the references of all worktrees are."""
    try:
        return (git / (git / "commondir").read_text("utf-8").strip()).resolve()
    except OSError:
        return git


def _packed(path: Path) -> frozenset[str]:
    """The tags in the file into which git gathers references: a name behind each object."""
    try:
        text = path.read_text("utf-8", "surrogateescape")
    except OSError:
        return frozenset()
    lines = (line.partition(" refs/tags/")[2] for line in text.split("\n"))
    return frozenset(filter(None, lines))
