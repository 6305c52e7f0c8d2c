"""A build in parts, for machines of a CI that know nothing of one another."""

from __future__ import annotations

from monorelease.model.publication import ReleasedMember
from monorelease.model.value import value


@value
class Job:
    """One member to be built."""

    member: ReleasedMember
    needs_platform: bool | None
    """Whether its wheel has to be built on every platform; None where only a build can tell."""


@value
class Matrix:
    """All members to be built."""

    commit: str
    """The full name of the commit at which the repository stands."""
    waves: tuple[tuple[Job, ...], ...]
    """What a wave is built with was built in the waves before it."""
