"""What has to work beside what is new, for a CI that tries it."""

from __future__ import annotations

from enum import StrEnum

from packaging.utils import NormalizedName

from monorelease.model.value import value


class TrialKind(StrEnum):
    """Which two are brought together."""

    PUBLISHED_DEPENDENTS = "published-dependents"
    """What people have installed, and the new version of what it requires."""
    LOWEST_FLOORS = "lowest-floors"
    """A new version, and the lowest that it lets in of what it requires."""


@value
class Trial:
    """One environment in which tests should pass."""

    kind: TrialKind
    member: NormalizedName
    """Whose tests."""
    install: tuple[str, ...]
    """Pinned requirements, all to be installed together."""
    against: tuple[str, ...]
    """Those of `install` that the trial is about; never empty."""
