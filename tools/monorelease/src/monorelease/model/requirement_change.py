"""How one requirement of a member on a third party has changed."""

from __future__ import annotations

from packaging.utils import NormalizedName

from monorelease.model.value import value


@value
class RequirementChange:
    """One name, in one place where requirements stand, before and after."""

    on: NormalizedName
    table: str
    """As reported: ``project.dependencies``."""
    before: tuple[str, ...]
    """Each as written, behind the name; empty where it was not required."""
    after: tuple[str, ...]
    """Likewise; empty where it is not required any more."""
