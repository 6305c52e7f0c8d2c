"""What the work tree says of each member's version: which, and which file or tag says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.adapters.tags import Tags
from monorelease.adapters.version_history import Wanted
from monorelease.errors import UnreadableFile
from monorelease.formats.changelog import newest_version
from monorelease.formats.manifest import parse_manifest
from monorelease.formats.tags import format_tag, parse_tag
from monorelease.formats.text import decode
from monorelease.formats.version_files import read_version
from monorelease.model.finding import TomlKey
from monorelease.model.value import value
from monorelease.model.workspace import Member, StaticVersion, VersionFromTags, VersionInFile
from monorelease.planning.groups import matching
from monorelease.workflows.read import Snapshot


@value
class Claim:
    """A member's version by the work tree, before history is asked whether it is released."""

    member: Member
    wanted: Wanted
    """The version, and the file that says so."""
    tag: str
    tag_first: bool = False
    """Whether the version will be the tag, which is not there yet."""
    commit: str = ""
    """That of the tag, where the version is one that is there already."""

    @property
    def key(self) -> TomlKey | None:
        """Where in the file it stands, if that is a TOML file."""
        source = self.member.version_source
        return source.key if isinstance(source, StaticVersion) else None


def claims_of(snapshot: Snapshot) -> tuple[Claim, ...]:
    """The claims of all members that may be published, in the workspace's order.

    Left out are members that are private, ignored, or without a version. One whose version is
    its tag claims that of its changelog's topmost section, if that is above its newest tag;
    else that tag; without either it was never released, and is left out too.

    Raises:
        ReleaseError: a changelog, or git, cannot be read.
    """
    ignored = frozenset(matching(snapshot.config.ignore, snapshot.workspace.names))
    members = [m for m in snapshot.workspace if not m.private and m.name not in ignored]
    is_tagged = any(isinstance(member.version_source, VersionFromTags) for member in members)
    tags = Tags(snapshot.root).here() if is_tagged else {}
    claims = (_claim(member, snapshot, tags) for member in members)
    return tuple(claim for claim in claims if claim is not None)


def says(member: Member) -> tuple[PurePosixPath, Callable[[bytes], Version | None]] | None:
    """The file that holds the member's version, and how to find it in that file's bytes.

    None for a member whose version is in no file.
    """
    match member.version_source:
        case StaticVersion():
            return member.manifest, lambda data: _in_manifest(member, data)
        case VersionInFile() as place:
            return place.path, lambda data: _in_file(place, data)
        case _:
            return None


def _claim(member: Member, snapshot: Snapshot, tags: Mapping[str, str]) -> Claim | None:
    if isinstance(member.version_source, VersionFromTags):
        return _by_tag(member, snapshot, tags)
    found = says(member)
    if found is None or member.version is None:
        return None
    path, read = found
    return Claim(
        member=member,
        wanted=Wanted(name=member.name, path=path, version=member.version, read=read),
        tag=format_tag(snapshot.config.tag, member.name, member.version),
    )


def _by_tag(member: Member, snapshot: Snapshot, tags: Mapping[str, str]) -> Claim | None:
    template = snapshot.config.tag
    path = member.path / snapshot.config.changelog.file
    section = _in_changelog(snapshot.tree.read(path) or b"")
    tagged = max(_versions(template, member, tags), default=None)
    version = max((v for v in (section, tagged and tagged[0]) if v is not None), default=None)
    if version is None:
        return None
    wanted = Wanted(name=member.name, path=path, version=version, read=_in_changelog)
    if tagged is not None and tagged[0] == version:
        return Claim(member=member, wanted=wanted, tag=tagged[1], commit=tags[tagged[1]])
    tag = format_tag(template, member.name, version)
    return Claim(member=member, wanted=wanted, tag=tag, tag_first=True)


def _versions(
    template: str, member: Member, tags: Mapping[str, str]
) -> Iterator[tuple[Version, str]]:
    for tag in tags:
        version = parse_tag(template, member.name, tag)
        if version is not None:
            yield version, tag


def _in_manifest(member: Member, data: bytes) -> Version | None:
    try:
        manifest, _ = parse_manifest(member.path, decode(data, member.manifest))
    except UnreadableFile:
        return None
    return manifest.version if manifest else None


def _in_file(place: VersionInFile, data: bytes) -> Version | None:
    try:
        found = read_version(decode(data, place.path), place)
    except UnreadableFile:
        return None
    return found if isinstance(found, Version) else None


def _in_changelog(data: bytes) -> Version | None:
    return newest_version(data.decode("utf-8", "replace"))
