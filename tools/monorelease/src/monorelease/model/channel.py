"""Which kind of version is being made: a final one, a pre-release, or a snapshot."""

from __future__ import annotations

from enum import StrEnum

from monorelease.model.value import value


class Label(StrEnum):
    """PEP 440's pre-release labels, in their order."""

    ALPHA = "a"
    BETA = "b"
    CANDIDATE = "rc"


@value
class Stable:
    """Final versions; fragments are consumed."""


@value
class Prerelease:
    """``1.1.0rc1``; fragments stay until the final release consumes them."""

    label: Label


@value
class Snapshot:
    """``1.1.0.dev20261122101500``, siblings pinned exactly; never committed."""

    stamp: int
    """What follows ``.dev``; later snapshots have higher ones."""


Channel = Stable | Prerelease | Snapshot


def name_of(channel: Channel) -> str:
    """The channel in one word, as reports name it."""
    match channel:
        case Stable():
            return "stable"
        case Prerelease(label=label):
            return label.value
        case Snapshot():
            return "snapshot"
