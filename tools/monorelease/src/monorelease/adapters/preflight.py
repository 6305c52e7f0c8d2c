"""Everything that could refuse a patch, asked before anything is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from monorelease.adapters import content
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content
from monorelease.adapters.record import Entry
from monorelease.errors import ReleaseError, StaleTree, TreeNotWritable, UnreadableFile, UnsafePath
from monorelease.model.patch import FileEdit, Patch

_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def survey(root: Path, patch: Patch) -> tuple[Entry, ...]:
    """The patch's edits with the permissions that their files have now, and keep.

    Their folders go by their own names, as in git, even where the patch goes through links.

    Raises:
        UnsafePath: names every path that leaves the repository, or means the same file.
        StaleTree: names every file that is not what its edit expects.
    """
    boundary = Boundary(root)
    places = _places(boundary, patch)
    now = {path: _read(place, path) for path, place in places.items()}
    stale = [e.path for e in patch.edits if _differs(now[e.path], e.before)]
    if stale:
        raise StaleTree(
            f"changed since the release was planned: {_joined(stale)}",
            where=_only(stale),
            hint="run the command again: it plans from the files as they are now",
        )
    return tuple(_entry(boundary, edit, now[edit.path]) for edit in patch.edits)


def writable_places(root: Path, entries: tuple[Entry, ...]) -> dict[PurePosixPath, Path]:
    """Where the files of `entries` are on disk; refused unless all can be written.

    Who runs as root may write everywhere; a file or folder without any write permission is
    refused even then, since somebody took it away on purpose.

    Raises:
        TreeNotWritable: names every file, and why.
        UnsafePath: as in `survey`.
    """
    boundary = Boundary(root)
    places = {entry.path: boundary.locate(entry.path) for entry in entries}
    folders: dict[Path, str] = {}
    refused = []
    for entry in entries:
        place = places[entry.path]
        if place.parent not in folders:
            folders[place.parent] = _folder_obstacle(place.parent)
        obstacle = folders[place.parent] or _obstacle(boundary, entry, place)
        if obstacle:
            refused.append((entry.path, obstacle))
    if refused:
        raise TreeNotWritable(
            "cannot be written: " + ", ".join(f"{path} ({why})" for path, why in refused),
            where=_only([path for path, _ in refused]),
            hint="make them writable, then run the command again; nothing was changed",
        )
    return places


def missing_folders(root: Path, paths: Iterable[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """The folders that will have to be made for files at `paths`, parents first."""
    boundary = Boundary(root)
    known = {PurePosixPath()}
    missing = []
    for path in paths:
        for folder in path.parents:
            if folder in known:
                break
            known.add(folder)
            if boundary.locate(folder).exists():
                break
            missing.append(folder)
    return tuple(sorted(missing))


def _places(boundary: Boundary, patch: Patch) -> dict[PurePosixPath, Path]:
    places: dict[PurePosixPath, Path] = {}
    refused: list[ReleaseError] = []
    for edit in patch.edits:
        try:
            places[edit.path] = boundary.locate(edit.path)
        except (UnsafePath, UnreadableFile) as error:
            refused.append(error)
    refused += _doubles(places)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise UnsafePath(
            "; ".join(str(error) for error in refused),
            hint="replace links with the files themselves, and name paths below the root",
        )
    return places


def _doubles(places: dict[PurePosixPath, Path]) -> Iterator[UnsafePath]:
    owners: dict[Path, PurePosixPath] = {}
    for path, place in places.items():
        owner = owners.setdefault(place, path)
        if owner is not path:
            yield UnsafePath(
                f"is the same file as {owner}, and both would be written",
                where=str(path),
                hint="replace the link with a file of its own",
            )


def _read(place: Path, path: PurePosixPath) -> Content | UnreadableFile | None:
    try:
        return content.read(place, path)
    except UnreadableFile as error:
        return error


def _differs(now: Content | UnreadableFile | None, expected: bytes | None) -> bool:
    return expected != (now.data if isinstance(now, Content) else now)


def _entry(boundary: Boundary, edit: FileEdit, now: Content | UnreadableFile | None) -> Entry:
    folder = boundary.locate(edit.path.parent).relative_to(boundary.root)
    before = now if isinstance(now, Content) else None
    mode = before.mode if before else None
    after = None if edit.after is None else Content(data=edit.after, mode=mode)
    return Entry(path=PurePosixPath(folder) / edit.path.name, before=before, after=after)


def _obstacle(boundary: Boundary, entry: Entry, place: Path) -> str:
    if entry.after is None and place != boundary.locate(entry.path.parent) / entry.path.name:
        return "it is a link, and what it points to would be removed"
    if entry.before is not None and _is_read_only(place, entry.before.mode):
        return "it is read-only"
    draft = content.temporary(place)
    try:
        return f"{draft.name} is in the way" if draft.is_symlink() or draft.exists() else ""
    except OSError as error:  # its name is longer than the file's own
        return error.strerror or str(error)


def _folder_obstacle(folder: Path) -> str:
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return f"{folder.name} is not a folder"
    return "its folder is read-only" if _is_read_only(folder, folder.stat().st_mode) else ""


def _is_read_only(place: Path, mode: int | None) -> bool:
    return (mode is not None and not mode & _ANY_WRITE) or not os.access(place, os.W_OK)


def _joined(paths: Iterable[PurePosixPath]) -> str:
    return ", ".join(str(path) for path in paths)


def _only(paths: list[PurePosixPath]) -> str:
    return str(paths[0]) if len(paths) == 1 else ""
