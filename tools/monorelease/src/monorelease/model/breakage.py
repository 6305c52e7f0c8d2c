"""What may stop the users of a package: one difference between two of its public APIs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from monorelease.model.value import value


class BreakageKind(StrEnum):
    """What happened to an object."""

    REMOVED = "removed"
    BASE_REMOVED = "base-removed"
    KIND_CHANGED = "kind-changed"
    PARAMETER_REMOVED = "parameter-removed"
    PARAMETER_RENAMED = "parameter-renamed"
    PARAMETER_ADDED = "parameter-added"
    """One that has to be given."""
    PARAMETER_REQUIRED = "parameter-required"
    PARAMETER_KIND = "parameter-kind"
    """It can no longer be given by its name, or by its place."""
    PARAMETERS_MOVED = "parameters-moved"


@value
class Breakage:
    """One object of which something is not what it was."""

    kind: BreakageKind
    name: str
    """In full: ``agents.core.connect``."""
    path: PurePosixPath
    """The file that it is in, or was in, relative to the repository's root."""
    line: int | None
    """In the file as it is now, counted from 1; None for what is gone."""
    before: str = ""
    """The parameter, the base class or the kind of object that there was."""
    after: str = ""
    """What there is in its place."""
