"""The branch of a release pull request: what stands on it, and what becomes of that."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from monorelease.model.value import value


class CommitKind(StrEnum):
    """Whose a commit on the branch is."""

    TOOL = "tool"
    """We made it, and it changes what it changed then."""
    MERGE = "merge"
    """It brings two lines together as git does by itself, and changes nothing else."""
    PERSON = "person"
    RESOLVED = "resolved"
    """A merge in which somebody has changed something: it cannot be done again by a machine."""


@value
class BranchCommit:
    """One commit on the branch that its base does not have."""

    name: str
    """The full object name."""
    parent: str
    """The first one; empty where there is none."""
    tree: str
    author: str
    """From a stranger."""
    subject: str
    """From a stranger."""
    kind: CommitKind


@value
class Conflict:
    """A commit that does not fit on the new release."""

    commit: BranchCommit
    paths: tuple[PurePosixPath, ...]
    """Relative to the top of the repository, sorted."""


class Step(StrEnum):
    """What is done about the branch."""

    NOTHING = "nothing"
    """There is none, and none is needed."""
    CREATE = "created"
    UPDATE = "updated"
    KEEP = "unchanged"
    REMOVE = "removed"
    LEAVE = "left"
    """Nothing is released, but people's commits are on it."""
