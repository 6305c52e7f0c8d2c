"""What a build made of the members: files, and the manifest that lists them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.value import value


class ArtifactKind(StrEnum):
    """What an installer can do with a file."""

    WHEEL = "wheel"
    SDIST = "sdist"


@value
class Artifact:
    """One file that can be uploaded."""

    filename: str
    kind: ArtifactKind
    sha256: str
    """In lower-case hexadecimal digits."""
    size: int
    """In bytes."""


@value
class BuiltMember:
    """One member's release as files."""

    name: NormalizedName
    version: Version
    path: PurePosixPath
    """Its folder, relative to the repository's root."""
    commit: str
    """The full name of the commit that it was built from."""
    artifacts: tuple[Artifact, ...]
    """Wheels before the source distribution: what comes first can be installed first."""


@value
class Build:
    """The manifest: all that one build made, dependencies before dependents."""

    members: tuple[BuiltMember, ...]

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """All files, in order."""
        return tuple(artifact for member in self.members for artifact in member.artifacts)


@value
class VerifiedBuild:
    """A build that was opened, compared with the tree, installed and imported.

    Nothing but `monorelease.workflows.verify` makes one, and nothing else is published.
    """

    build: Build
