"""Values of publishing in one line each, for tests that say only what differs."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember
from monorelease.model.index import IndexTarget
from monorelease.model.publication import (
    Announcement,
    Outcome,
    PlannedFile,
    PlannedTag,
    Publication,
    PublishPlan,
    Receipt,
    ReleasedMember,
    RollUp,
    TagReceipt,
)
from values import named

COMMIT = "4f2a9c1e" * 5
PYPI = IndexTarget(
    name="pypi",
    url="https://pypi.example/simple/",
    upload_url="https://upload.pypi.example/legacy/",
)


def released(name: str, version: str = "1.0.44", commit: str = COMMIT) -> ReleasedMember:
    """A member that the tree says is released."""
    return ReleasedMember(
        name=named(name),
        version=Version(version),
        path=PurePosixPath("packages", name),
        commit=commit,
        tag=f"{name}-v{version}",
    )


def wheel(name: str, size: int = 81_234, version: str = "1.0.44", tags: str = "py3") -> Artifact:
    """A member's wheel."""
    filename = f"{name.replace('-', '_')}-{version}-{tags}-none-any.whl"
    return Artifact(filename=filename, kind=ArtifactKind.WHEEL, sha256="a" * 64, size=size)


def sdist(name: str, size: int = 70_234, version: str = "1.0.44") -> Artifact:
    """A member's source distribution."""
    filename = f"{name.replace('-', '_')}-{version}.tar.gz"
    return Artifact(filename=filename, kind=ArtifactKind.SDIST, sha256="b" * 64, size=size)


def built(name: str, *artifacts: Artifact) -> BuiltMember:
    """A member as files."""
    return BuiltMember(
        name=named(name),
        version=Version("1.0.44"),
        path=PurePosixPath("packages", name),
        commit=COMMIT,
        artifacts=artifacts,
    )


def build_of(*members: BuiltMember) -> Build:
    """The manifest of these."""
    return Build(members=members)


def tag_of(
    name: str, *, make: bool = True, push: bool = True, first: bool = False, commit: str = COMMIT
) -> PlannedTag:
    """The tag of a member's release."""
    return PlannedTag(
        name=f"{name}-v1.0.44",
        member=named(name),
        version=Version("1.0.44"),
        commit=commit,
        make=make,
        push=push,
        first=first,
    )


def publish_plan(
    *files: PlannedFile,
    index: IndexTarget = PYPI,
    waves: tuple[tuple[str, ...], ...] = (),
    tags: tuple[PlannedTag, ...] = (),
    announce: tuple[str, ...] = (),
    new_names: tuple[str, ...] = (),
) -> PublishPlan:
    """What publishing would do; without `waves`, all files go in one."""
    names = tuple(dict.fromkeys(file.name for file in files))
    return PublishPlan(
        index=index,
        waves=tuple(tuple(map(named, wave)) for wave in waves) or ((names,) if names else ()),
        files=files,
        tags=tags,
        announcements=tuple(map(released, announce)),
        new_names=tuple(map(named, new_names)),
    )


def page_on(*names: str) -> RollUp:
    """The page on a wave of these members."""
    members = tuple(map(released, names))
    return RollUp(tag="wave-2026-11-22-7c11c8a", commit=COMMIT, members=members)


def receipt(
    name: str, artifact: Artifact, outcome: Outcome, seconds: float = 0.0, why: str = ""
) -> Receipt:
    """What became of one file."""
    return Receipt(
        name=named(name),
        version=Version("1.0.44"),
        artifact=artifact,
        outcome=outcome,
        seconds=seconds,
        why=why,
    )


def publication(
    *receipts: Receipt,
    index: IndexTarget = PYPI,
    tags: tuple[TagReceipt, ...] = (),
    announced: tuple[Announcement, ...] = (),
    seconds: float = 0.0,
    trouble: str = "",
) -> Publication:
    """What publishing came to; of its plan only the index matters, and what was to be told."""
    names = tuple(announcement.member.name for announcement in announced)
    return Publication(
        plan=publish_plan(index=index, announce=names),
        receipts=receipts,
        tags=tags,
        announced=announced,
        seconds=seconds,
        trouble=trouble,
    )


def news(name: str, notes: str, version: str = "1.0.44") -> Announcement:
    """What is told of one release."""
    return Announcement(member=released(name, version), notes=notes)
