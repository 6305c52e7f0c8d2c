"""The members' Python sources: as they are here, and as they were released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git_process import GitProcess
from monorelease.adapters.revisions import Revisions
from monorelease.errors import UnreadableFile, UnsafePath
from monorelease.formats.source_layout import find_sources
from monorelease.formats.tags import parse_tag
from monorelease.formats.text import decode
from monorelease.formats.toml import TomlTable, parse
from monorelease.model.source import Source, Sources
from monorelease.model.tagged import TaggedRelease
from monorelease.model.workspace import Member, Workspace
from monorelease.workflows.read import Snapshot

_LARGEST = 2_000_000
"""Bytes of a module that is read: what is larger was generated, and holds data."""

_TEXT = frozenset({".py", ".pyi"})
_MANIFEST = PurePosixPath("pyproject.toml")


class MemberSources:
    """Each state of a member's folder is read once, and none before somebody asks for it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._revisions = Revisions(GitProcess(snapshot.root))
        self._by_state: dict[tuple[str, PurePosixPath], Sources] = {}
        self._blobs: dict[str, bytes] = {}
        self._here: Mapping[NormalizedName, list[PurePosixPath]] | None = None

    def releases(self) -> Mapping[NormalizedName, tuple[TaggedRelease, ...]]:
        """Every member's releases that lead to HEAD, the highest version first.

        Final ones; pre-releases only of a member that has no other, as installers do it.
        """
        tags = self._revisions.tags()
        return {
            member.name: _releases_of(member, tags, self._snapshot.config.tag)
            for member in self._snapshot.workspace
        }

    def now(self, member: Member) -> Sources:
        """In the work tree, committed or not."""
        if self._here is None:
            self._here = _by_member(self._revisions.here(), self._snapshot.workspace)
        files = {path.relative_to(member.path): path for path in self._here[member.name]}
        found = find_sources(self._table(member), member.name, files)
        tree = self._snapshot.tree  # git lists files that were removed and not committed yet
        sources = (self._source(name, files[path]) for name, path in found.items())
        return {source.name: source for source in sources if tree.exists(source.path)}

    def states(
        self, member: Member, releases: Iterable[TaggedRelease]
    ) -> Mapping[TaggedRelease, str]:
        """The state of its folder at each release; where there was none, it is left out."""
        folders = {release: (release.commit, member.path) for release in releases}
        states = self._revisions.folders([*folders.values()])
        return {r: states[folder] for r, folder in folders.items() if folder in states}

    def at(self, member: Member, state: str) -> Sources:
        """In that state of its folder."""
        key = state, member.path
        if key not in self._by_state:
            self._by_state[key] = self._read_state(member, state)
        return self._by_state[key]

    def _read_state(self, member: Member, state: str) -> Sources:
        below = [m.path for m in self._snapshot.workspace if member.path in m.path.parents]
        files = {
            path: blob
            for path, blob in self._revisions.files(state).items()
            if not any((member.path / path).is_relative_to(other) for other in below)
        }
        self._fetch([files[_MANIFEST][0]] if _MANIFEST in files else [])
        manifest = self._blobs[files[_MANIFEST][0]] if _MANIFEST in files else b""
        found = find_sources(_parse(manifest), member.name, files)
        wanted = {
            path: files[path][0]
            for path in found.values()
            if path.suffix in _TEXT and files[path][1] <= _LARGEST
        }
        self._fetch(wanted.values())
        return {
            name: Source(
                name=name,
                path=member.path / path,
                data=self._blobs[wanted[path]] if path in wanted else None,
            )
            for name, path in found.items()
        }

    def _fetch(self, blobs: Iterable[str]) -> None:
        """Read those that were not read yet: most modules stay what they were."""
        self._blobs.update(self._revisions.contents(b for b in blobs if b not in self._blobs))

    def _table(self, member: Member) -> TomlTable:
        return _parse(self._snapshot.tree.read(member.manifest) or b"")

    def _source(self, name: str, path: PurePosixPath) -> Source:
        try:
            data = self._snapshot.tree.read(path) if path.suffix in _TEXT else None
        except (UnreadableFile, UnsafePath):
            data = None
        is_sound = data is not None and len(data) <= _LARGEST
        return Source(name=name, path=path, data=data if is_sound else None)


def _releases_of(
    member: Member, tags: Mapping[str, str], template: str
) -> tuple[TaggedRelease, ...]:
    found = [
        TaggedRelease(version=version, tag=tag, commit=commit)
        for tag, commit in tags.items()
        if (version := parse_tag(template, member.name, tag)) is not None
    ]
    final = [release for release in found if not release.version.is_prerelease]
    return tuple(sorted(final or found, key=lambda release: release.version, reverse=True))


def _by_member(
    files: Iterable[PurePosixPath], workspace: Workspace
) -> Mapping[NormalizedName, list[PurePosixPath]]:
    """Each file with the member that has the deepest folder around it."""
    folders = {member.path: member.name for member in workspace}
    found: dict[NormalizedName, list[PurePosixPath]] = {name: [] for name in workspace.names}
    for file in files:
        folder = next((parent for parent in file.parents if parent in folders), None)
        if folder is not None:
            found[folders[folder]].append(file)
    return found


def _parse(manifest: bytes) -> TomlTable:
    """Its tables; a manifest that cannot be read tells nothing, and is told of elsewhere."""
    try:
        return parse(decode(manifest, _MANIFEST))
    except (ValueError, UnreadableFile):
        return {}
