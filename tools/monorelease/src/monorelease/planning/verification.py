"""What was built, compared with the tree it was built from and with what it will stand among."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.artifact import ArtifactKind, Build
from monorelease.model.contents import Contents, Metadata, OpenedMember
from monorelease.model.filenames import Named, parse_filename
from monorelease.model.finding import Finding
from monorelease.model.index import Project
from monorelease.model.workspace import VersionFromTags
from monorelease.planning.listed import listed_versions, offered_versions
from monorelease.planning.packed_files import check_files, check_overlaps
from monorelease.planning.required import Offers, check_requirements
from monorelease.planning.showing import check_showing


def check_contents(
    members: Sequence[OpenedMember],
    build: Build,
    projects: Mapping[NormalizedName, Project] | None,
) -> Iterator[Finding]:
    """Everything that speaks against publishing what was built, and what looks odd in it.

    Args:
        members: those whose files could be opened.
        build: all that is published together.
        projects: what the index has already, by name; a name that is missing has nothing. None
            where nobody knows yet beside what it will stand: a share of a build, say.
    """
    offers = None if projects is None else _offers(build, projects)
    for opened in members:
        yield from _check_release(opened)
        for filename, metadata in _distinct(opened):
            yield from _check_identity(opened, filename, metadata)
            yield from check_requirements(opened, filename, metadata, offers)
            yield from check_showing(opened, filename, metadata)
        for contents in opened.contents:
            yield from _check_name(opened, contents)
            yield from check_files(opened, contents)
        yield from _check_agreement(opened)
    yield from check_overlaps(members)


def _offers(build: Build, projects: Mapping[NormalizedName, Project]) -> Offers:
    return Offers(
        built={member.name: member.version for member in build.members},
        indexed={
            name: offered_versions(listed_versions(project)) for name, project in projects.items()
        },
    )


def _distinct(opened: OpenedMember) -> Iterator[tuple[str, Metadata]]:
    """Metadata that several files share are told of once, with the first of them."""
    seen: dict[Metadata, str] = {}
    for contents in opened.contents:
        if contents.metadata is not None:
            seen.setdefault(contents.metadata, contents.filename)
    return ((filename, metadata) for metadata, filename in seen.items())


def _check_release(opened: OpenedMember) -> Iterator[Finding]:
    """What was built is what the tree says is released."""
    member, built = opened.member, opened.built
    if isinstance(member.version_source, VersionFromTags) or member.version == built.version:
        return
    yield Finding(
        code="metadata-differs",
        problem=f"{built.name} is at {member.version} in its commit, and {built.version} was built",
        hint="build it again, from that commit",
        path=member.manifest,
    )


def _check_identity(opened: OpenedMember, filename: str, metadata: Metadata) -> Iterator[Finding]:
    """Name, version and Python are those of the manifest."""
    built, wanted = opened.built, opened.declared.requires_python
    if metadata.name != built.name:
        yield _differs(opened, filename, f"is named {metadata.name}, not {built.name}")
    if metadata.version != built.version:
        yield _differs(opened, filename, f"has version {metadata.version}, not {built.version}")
    if wanted is not None and metadata.requires_python != wanted:
        said = metadata.requires_python
        yield _differs(
            opened,
            filename,
            f"is for {f'Python {said}' if said is not None else 'any Python'}, not {wanted}",
        )


def _check_name(opened: OpenedMember, contents: Contents) -> Iterator[Finding]:
    """The file is named as installers look for it."""
    built = opened.built
    looked_for = Named(name=built.name, version=built.version, kind=contents.kind)
    if parse_filename(contents.filename) != looked_for:
        wanted = f"{built.name.replace('-', '_')}-{built.version}"
        yield Finding(
            code="wrong-filename",
            problem=f"{contents.filename} is not named as a file of {built.name} "
            f"{built.version} should be",
            hint=f"its name has to begin with {wanted}: build it again",
            path=opened.member.manifest,
        )


def _check_agreement(opened: OpenedMember) -> Iterator[Finding]:
    """Whoever builds the source distribution gets what the wheel is.

    But in fields that the source distribution itself calls dynamic (PEP 643).
    """
    sdists = (c.metadata for c in opened.contents if c.kind is ArtifactKind.SDIST)
    sdist = next(sdists, None)
    if sdist is None:
        return
    for contents in opened.contents:
        wheel = contents.metadata
        if wheel is None:
            continue
        if "requires-dist" not in sdist.dynamic and {*wheel.requirements} != {*sdist.requirements}:
            odd = sorted(map(str, {*wheel.requirements} ^ {*sdist.requirements}))
            disagreement = f"and the source distribution differ in what they require: {odd[0]}"
            yield _differs(opened, contents.filename, disagreement)
        is_fixed = "requires-python" not in sdist.dynamic
        if is_fixed and wheel.requires_python != sdist.requires_python:
            disagreement = "and the source distribution differ in the Python that they need"
            yield _differs(opened, contents.filename, disagreement)


def _differs(opened: OpenedMember, filename: str, problem: str) -> Finding:
    return Finding(
        code="metadata-differs",
        problem=f"{filename} {problem}",
        hint="build it again from its commit; what the build backend computes must not depend on "
        "where it runs",
        path=opened.member.manifest,
    )
