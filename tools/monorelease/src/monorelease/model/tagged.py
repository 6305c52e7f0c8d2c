"""Releases that were made, as tags tell of them."""

from __future__ import annotations

from packaging.version import Version

from monorelease.model.value import value


@value
class TaggedRelease:
    """One version of one member."""

    version: Version
    tag: str
    commit: str
    """The full name of the commit that it was released from."""
