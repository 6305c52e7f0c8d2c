"""What was built, opened: which files are in it, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.artifact import ArtifactKind, BuiltMember
from monorelease.model.value import value
from monorelease.model.workspace import Member, Workspace


@value
class Archive:
    """A file with files in it, none of which is understood yet."""

    filename: str
    files: tuple[str, ...] = ()
    """Their paths as they are written, folders left out, each once."""
    texts: Mapping[str, bytes] = MappingProxyType({})
    """The content of those that say what the others are, by path."""
    digests: Mapping[str, str] = MappingProxyType({})
    """The sha256 of every file, by path; only of a wheel."""
    problems: tuple[str, ...] = ()
    """What is wrong with it as an archive; there may be no files, then."""
    links_out: Mapping[str, str] = MappingProxyType({})
    """Files that are links to what is not in it, and to where each of them leads."""


@value
class Metadata:
    """What an artifact says of itself: the core metadata that matter before it is published."""

    name: NormalizedName
    version: Version
    requires_python: SpecifierSet | None = None
    requirements: tuple[Requirement, ...] = ()
    extras: tuple[NormalizedName, ...] = ()
    summary: str = ""
    description: str = ""
    description_content_type: str = ""
    """Without parameters, in lower case; empty where it is not said."""
    classifiers: tuple[str, ...] = ()
    license_files: tuple[str, ...] = ()
    dynamic: frozenset[str] = frozenset()
    """Fields, in lower case, that a wheel and the source distribution need not agree in."""


@value
class EntryPoint:
    """What a distribution offers to others by name: a command, a plugin."""

    group: str
    name: str
    module: str
    attribute: str = ""
    """With dots where it is an attribute's; empty for the module itself."""
    extras: tuple[str, ...] = ()
    """What has to be installed besides, for it to load."""

    def __str__(self) -> str:
        return f"{self.name} = {':'.join(filter(None, (self.module, self.attribute)))}"


@value
class Contents:
    """One artifact, understood."""

    filename: str
    kind: ArtifactKind
    files: tuple[str, ...] = ()
    """Their paths in the archive."""
    digests: Mapping[str, str] = MappingProxyType({})
    """The sha256 of each of them, as far as it is known."""
    metadata: Metadata | None = None
    """None where they cannot be read; then there is a finding."""
    modules: tuple[str, ...] = ()
    """Of a wheel: what can be imported once it is installed, packages without their parts."""
    entry_points: tuple[EntryPoint, ...] = ()


@value
class Declared:
    """What a member's ``pyproject.toml`` says of its artifacts' metadata."""

    requires_python: SpecifierSet | None = None
    """None where it does not say."""
    has_readme: bool = False
    license_files: tuple[str, ...] = ()
    """Globs."""
    dynamic: frozenset[str] = frozenset()
    """What the build backend adds: ``dependencies``, …"""


@value
class OpenedMember:
    """One member's artifacts, beside the tree that they were built from."""

    built: BuiltMember
    workspace: Workspace
    """As it is at the commit; the member is in it."""
    declared: Declared
    contents: tuple[Contents, ...]

    @property
    def member(self) -> Member:
        """The member as the tree describes it."""
        return self.workspace[self.built.name]
