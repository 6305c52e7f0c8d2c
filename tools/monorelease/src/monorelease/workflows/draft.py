"""From a plan to a patch: every file that a release changes, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.tree import Tree
from monorelease.errors import EditFailed
from monorelease.formats.changelog import Changelog, insert
from monorelease.formats.fragments import without
from monorelease.formats.text import decode, encode
from monorelease.formats.toml import edit
from monorelease.formats.version_files import replace_version
from monorelease.model.bump import Bump
from monorelease.model.channel import Stable
from monorelease.model.finding import TomlKey
from monorelease.model.fragment import Fragment
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import ConstraintUpdate, ReleasePlan
from monorelease.model.workspace import StaticVersion, VersionInFile
from monorelease.workflows.notes import Notes
from monorelease.workflows.read import Snapshot


def draft(plan: ReleasePlan, snapshot: Snapshot, notes: Callable[[], Notes]) -> Patch:
    """The whole release as one patch; nothing is written.

    `notes` is asked last: towncrier may still be at work on them.

    Raises:
        EditFailed: a literal could not be replaced without moving anything else.
        ReleaseError: a changelog has the section already.
    """
    files = _Files(snapshot.tree)
    if not plan.releases:  # what says "no release" waits for one, to go with it
        return files.patch()
    _write_versions(plan, snapshot, files)
    if isinstance(plan.channel, Stable):
        _consume(plan, snapshot.fragments, files)
    _write_changelogs(notes(), snapshot, files)
    return files.patch()


class _Files:
    """The texts of the files that are being drafted, each read once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._after: dict[PurePosixPath, bytes | None] = {}

    def text(self, path: PurePosixPath) -> str | None:
        """The file as it is drafted so far."""
        data = self._after[path] if path in self._after else self._tree.read(path)
        return None if data is None else decode(data, path)

    def put(self, path: PurePosixPath, text: str | None) -> None:
        """Draft the file's new text; None removes it."""
        self._after[path] = None if text is None else encode(text)

    def patch(self) -> Patch:
        """All that is drafted."""
        return Patch.of(
            tuple(
                FileEdit(path=path, before=self._tree.read(path), after=after)
                for path, after in self._after.items()
            )
        )


def _write_versions(plan: ReleasePlan, snapshot: Snapshot, files: _Files) -> None:
    """Versions where they live, their copies, and every constraint that follows."""
    literals: dict[NormalizedName, dict[TomlKey, str]] = {}
    for update in _updates(plan):
        literals.setdefault(update.member, {})[update.dependency.key] = update.literal
    for release in plan.releases:
        member = snapshot.workspace[release.name]
        match member.version_source:
            case StaticVersion(key=key):
                literals.setdefault(release.name, {})[key] = str(release.target)
            case VersionInFile() as place:
                _replace(place, release.target, files)
            case _:  # a tag is the version: there is nothing to edit
                pass
        for copy in member.version_copies:
            _replace(copy, release.target, files)
    for name, changes in literals.items():
        path = snapshot.workspace[name].manifest
        files.put(path, edit(files.text(path) or "", changes, path=path))


def _write_changelogs(notes: Notes, snapshot: Snapshot, files: _Files) -> None:
    """Each member's changelog, and the one for the whole wave where the owner keeps it."""
    config = snapshot.config.changelog
    for release in notes.plan.releases:
        if (section := notes.rendered.get(release.name)) is not None:
            path = release.path / config.file
            heading = snapshot.workspace[release.name].written_name
            changelog = _changelog(path, heading, snapshot, files)
            files.put(path, insert(changelog, section, release.target))
    if config.aggregate is not None and notes.rendered:
        changelog = _changelog(config.aggregate, "Changelog", snapshot, files)
        files.put(config.aggregate, insert(changelog, notes.roll_up()))


def _changelog(path: PurePosixPath, heading: str, snapshot: Snapshot, files: _Files) -> Changelog:
    return Changelog(
        path=path,
        text=files.text(path),
        heading=heading,
        start_string=snapshot.config.towncrier.start_string,
    )


def _updates(plan: ReleasePlan) -> Iterator[ConstraintUpdate]:
    for release in plan.releases:
        yield from release.constraints
    yield from plan.followers


def _replace(place: VersionInFile, version: Version, files: _Files) -> None:
    text = files.text(place.path)
    if text is None:
        raise EditFailed(
            "is not there, and the configuration says that it holds a version",
            where=str(place.path),
            hint="correct `version-files`, or the member's own version table",
        )
    files.put(place.path, replace_version(text, place.pattern, version, place.path))


def _consume(plan: ReleasePlan, fragments: Iterable[Fragment], files: _Files) -> None:
    """Remove what is said now, and keep what is not: entries of members that wait."""
    said = {(path, release.name) for release in plan.releases for path in release.fragments}
    for fragment in fragments:
        waiting = [
            entry
            for entry in fragment.entries
            if entry.bump > Bump.NONE and (fragment.path, entry.name) not in said
        ]
        if not waiting:
            files.put(fragment.path, None)
        elif done := [e.name for e in fragment.entries if (fragment.path, e.name) in said]:
            files.put(fragment.path, without(files.text(fragment.path) or "", done))
