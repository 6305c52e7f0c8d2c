"""One coordinated release as a value: who, from, to, why, and which constraints follow."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.channel import Channel
from monorelease.model.value import value
from monorelease.model.workspace import Dependency


class GroupKind(StrEnum):
    """How the members of a group belong together."""

    FIXED = "fixed"
    LINKED = "linked"


@value
class Group:
    """Members that move together: always (fixed), or when they move at all (linked)."""

    kind: GroupKind
    members: tuple[NormalizedName, ...]


@value
class ChangedBy:
    """A fragment names the member."""

    fragment: PurePosixPath


@value
class Follows:
    """A dependency is released, and the member has to, or is told to, follow."""

    on: NormalizedName
    constraint: str
    """As written."""
    table: str
    leaves: bool = True
    """Whether the dependency leaves the constraint; if not, another rule takes the member along."""


@value
class TiedTo:
    """A group ties the member to another one that is released."""

    kind: GroupKind
    partner: NormalizedName


@value
class Requested:
    """Somebody asked for this very version on the command line."""

    version: Version


Cause = ChangedBy | Follows | TiedTo | Requested


@value
class ConstraintUpdate:
    """One requirement's new constraint."""

    member: NormalizedName
    """Whose requirement it is."""
    dependency: Dependency
    before: str
    after: str

    @property
    def literal(self) -> str:
        """The whole literal as it will read."""
        return self.dependency.prefix + self.after + self.dependency.suffix


@value
class Release:
    """One member's next version, and every reason for it."""

    name: NormalizedName
    path: PurePosixPath
    bump: Bump
    """What moved: on 0.x a breaking change may count as minor (``major-on-zero``)."""
    current: Version
    target: Version
    private: bool
    causes: tuple[Cause, ...]
    """Never empty; the strongest kinds first: requested, fragments, dependencies, groups."""
    fragments: tuple[PurePosixPath, ...]
    """Those that name this member with more than ``none``."""
    constraints: tuple[ConstraintUpdate, ...]


@value
class ReleasePlan:
    """All releases of one wave; directly named members first, then the workspace's order."""

    channel: Channel
    releases: tuple[Release, ...]
    followers: tuple[ConstraintUpdate, ...] = ()
    """Constraints rewritten in members that are *not* released: groups, ignored members."""

    def __contains__(self, name: NormalizedName) -> bool:
        return any(release.name == name for release in self.releases)

    @property
    def targets(self) -> dict[NormalizedName, Version]:
        """The planned version of every released member."""
        return {release.name: release.target for release in self.releases}


@value
class Scope:
    """What somebody asked of this one release on the command line."""

    versions: Mapping[NormalizedName, Version] = MappingProxyType({})
    """Exact versions (``--as``)."""
    only: frozenset[NormalizedName] = frozenset()
    """Plan from the fragments of these members alone (``--only``); empty for all."""
    held: frozenset[NormalizedName] = frozenset()
    """Members that stay as they are in this wave (``--except``)."""
