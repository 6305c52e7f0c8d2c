"""A bad release: what taking it from an index means for those who install."""

from __future__ import annotations

from enum import StrEnum

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.finding import Finding
from monorelease.model.value import value


@value
class Pin:
    """One version of one member."""

    name: NormalizedName
    version: Version

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


class Standing(StrEnum):
    """How an index has a version, in words for people."""

    OFFERED = "offered"
    IN_PART = "yanked in part"
    YANKED = "yanked"


class Mending(StrEnum):
    """How far something better than a version has come."""

    OUT = "out"
    """A higher version is on the index."""
    RELEASED = "released"
    """The tree is at a higher version, which the index does not have."""
    PENDING = "pending"
    """Fragments wait that move the member."""
    MISSING = "missing"


@value
class Step:
    """One version to be yanked, or whose yank is to be taken back."""

    pin: Pin
    standing: Standing
    files: tuple[str, ...]
    """Names of the files that are not as they should be; empty where nothing is left to do."""
    instead: Version | None
    """What an installer chooses afterwards that is told the name alone; None for nothing."""
    mending: Mending
    mended_by: Version | None
    """The version that `mending` is about; None where that is missing."""


class Effect(StrEnum):
    """What becomes of a member that requires a yanked version, in words for people."""

    STRANDED = "cannot be installed"
    """Nothing that installers may choose satisfies the requirement."""
    STILL_PULLS = "still installs it"
    """It pins that very version, and installers follow a pin to a yanked file (PEP 592)."""


@value
class Affected:
    """A released member that yanked versions leave with nothing better."""

    pin: Pin
    on: NormalizedName
    constraint: str
    table: str
    """Where the requirement stands, as reported: ``project.dependencies``."""
    effect: Effect


@value
class Withdrawal:
    """Which versions are to be yanked, in which order, and what follows from it."""

    steps: tuple[Step, ...]
    """Dependents before dependencies, so that nobody resolves a broken set in between; the
    other way round where yanks are taken back."""
    affected: tuple[Affected, ...]
    together: tuple[Pin, ...]
    """The versions asked for, and those that are affected by them, and so on; empty where
    nobody is affected."""
    whole: tuple[Pin, ...]
    """The same with the fixed groups; empty where these add nothing."""
    findings: tuple[Finding, ...]
    is_taken_back: bool = False
    """Whether yanks are taken back instead of made."""

    @property
    def left(self) -> tuple[Step, ...]:
        """The steps that are not done yet."""
        return tuple(step for step in self.steps if step.files)
