"""The monorepo as the planner sees it: members, and how they require one another."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.constraint import Constraint
from monorelease.model.finding import TomlKey
from monorelease.model.value import derived, value


class DependencyKind(StrEnum):
    """Which sort of table names the dependency; groups are never published."""

    RUNTIME = "runtime"
    EXTRA = "extra"
    BUILD = "build"
    GROUP = "group"


@value
class Dependency:
    """One requirement of a member on another member, where and as it is written."""

    on: NormalizedName
    kind: DependencyKind
    table: str
    """As reported: ``project.dependencies``, ``dependency-groups.test``, …"""
    key: TomlKey
    """Where its literal stands in the member's ``pyproject.toml``."""
    prefix: str
    """The literal's text before the constraint: name, extras, perhaps ``(``."""
    constraint: Constraint | None
    """None for a direct reference (``name @ …``, a path): it allows any version."""
    suffix: str
    """The literal's text after the constraint: perhaps ``)``, the marker."""

    @property
    def is_published(self) -> bool:
        """Whether people who install the member meet this requirement."""
        return self.kind is not DependencyKind.GROUP

    def allows(self, version: Version) -> bool:
        """Whether `version` of the dependency satisfies this requirement."""
        return self.constraint is None or self.constraint.allows(version)


@value
class StaticVersion:
    """The version is a string literal of the member's ``pyproject.toml``."""

    key: TomlKey


@value
class VersionInFile:
    """The version is a part of another file."""

    path: PurePosixPath
    """Relative to the repository's root."""
    pattern: str
    """A regular expression with a group ``version``; it matches exactly once."""


@value
class VersionFromTags:
    """The version is the newest tag: there is no file to edit, a tag is the release."""


VersionSource = StaticVersion | VersionInFile | VersionFromTags


@value
class Member:
    """One package of the repository."""

    name: NormalizedName
    written_name: str
    """As its ``pyproject.toml`` spells it."""
    path: PurePosixPath
    """Its folder, relative to the repository's root."""
    version: Version | None
    """None where no version could be found: such a member is never released."""
    version_source: VersionSource | None
    version_copies: tuple[VersionInFile, ...] = ()
    """Copies of the version in other files, from the configuration."""
    private: bool = False
    """Versioned, never published (classifier ``Private :: Do Not Upload``)."""
    dependencies: tuple[Dependency, ...] = ()
    """On other members only, in the order written."""

    @property
    def manifest(self) -> PurePosixPath:
        """The path of its ``pyproject.toml``."""
        return self.path / "pyproject.toml"


@value
class Workspace:
    """All members, in the order in which every table and report shows them."""

    members: tuple[Member, ...]
    _by_name: dict[NormalizedName, Member] = derived()

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {m.name: m for m in self.members})

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __contains__(self, name: NormalizedName) -> bool:
        return name in self._by_name

    def __getitem__(self, name: NormalizedName) -> Member:
        return self._by_name[name]

    @property
    def names(self) -> tuple[NormalizedName, ...]:
        """The members' names, in order."""
        return tuple(self._by_name)
