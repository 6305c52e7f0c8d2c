"""Artifacts that were opened, in one line each, for tests that say only what differs."""

from __future__ import annotations

from typing import TypedDict, Unpack

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from monorelease.model.artifact import ArtifactKind, Build, BuiltMember
from monorelease.model.contents import Contents, Declared, Metadata, OpenedMember
from monorelease.model.index import IndexedFile, Project
from monorelease.model.workspace import Workspace
from values import named

COMMIT = "4f2a9c1e" * 5


class Said(TypedDict, total=False):
    """What metadata may say besides name, version and requirements."""

    requires_python: SpecifierSet | None
    description: str
    description_content_type: str
    classifiers: tuple[str, ...]
    license_files: tuple[str, ...]
    dynamic: frozenset[str]


def metadata(name: str, version: str = "1.0.0", *requires: str, **said: Unpack[Said]) -> Metadata:
    """What an artifact says of itself."""
    return Metadata(
        name=named(name),
        version=Version(version),
        requirements=tuple(map(Requirement, requires)),
        **said,
    )


def wheel(about: Metadata | None, *files: str, filename: str = "", modules: str = "") -> Contents:
    """A wheel; without other words it has one module, named as it is."""
    name, version = (about.name, about.version) if about else ("core", "1.0.0")
    package = name.replace("-", "_")
    return Contents(
        filename=filename or f"{package}-{version}-py3-none-any.whl",
        kind=ArtifactKind.WHEEL,
        files=(*(files or (f"{package}/__init__.py",)), f"{package}-{version}.dist-info/METADATA"),
        metadata=about,
        modules=tuple(modules.split()) if files else (package,),
    )


def sdist(about: Metadata | None, *files: str, filename: str = "") -> Contents:
    """A source distribution."""
    folder = f"{about.name.replace('-', '_')}-{about.version}" if about else "core-1.0.0"
    return Contents(
        filename=filename or f"{folder}.tar.gz",
        kind=ArtifactKind.SDIST,
        files=tuple(f"{folder}/{file}" for file in (*files, "PKG-INFO")),
        metadata=about,
    )


def opened(
    workspace: Workspace, name: str, *contents: Contents, declared: Declared | None = None
) -> OpenedMember:
    """A member of `workspace` at the version that it has there."""
    member = workspace[named(name)]
    return OpenedMember(
        built=BuiltMember(
            name=member.name,
            version=member.version or Version("1.0.0"),
            path=member.path,
            commit=COMMIT,
            artifacts=(),
        ),
        workspace=workspace,
        declared=declared or Declared(),
        contents=contents,
    )


def build_of(*members: OpenedMember) -> Build:
    """Their manifest."""
    return Build(members=tuple(member.built for member in members))


def indexed(name: str, *versions: str, yanked: str = "") -> Project:
    """What an index has of a project: wheels; one version may be yanked."""
    return Project(
        name=named(name),
        files=tuple(
            IndexedFile(
                filename=f"{name}-{version}-py3-none-any.whl",
                sha256=None,
                yanked="" if version == yanked else None,
            )
            for version in versions
        ),
    )
