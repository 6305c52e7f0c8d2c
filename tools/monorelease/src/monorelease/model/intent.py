"""What somebody means to say about a change, before it is a fragment."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.value import value


@value
class Intent:
    """All that makes a fragment."""

    bumps: Mapping[NormalizedName, Bump]
    """Empty says "no release needed"."""
    category: str
    id: str
    """An issue or pull request number; empty for a name made of the text."""
    text: str
